interface Question {
  title: string;
  content: string;
  confirmText: string;
  cancelText?: string;
}

/** Ask before what cannot be undone. Tells whether the worker said yes; a second tap while the question stands is none. */
export function useConfirm(): (question: Question) => Promise<boolean> {
  let isAsking = false;

  return async (question) => {
    if (isAsking) return false;
    isAsking = true;
    try {
      return await new Promise<boolean>((resolve) => {
        uni.showModal({ ...question, success: ({ confirm }) => resolve(confirm), fail: () => resolve(false) });
      });
    } finally {
      isAsking = false;
    }
  };
}
