"""The demo: the notice of 2020 as a campaign, Qingdao's ten districts, made-up enterprises and people."""
