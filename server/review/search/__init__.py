"""Search by substring in Chinese text: what is indexed of a submission, and how it is asked."""
