/** A browser's own dialog for files. */

// #ifdef H5
/** Empty if they changed their mind. `uni.chooseImage` and `uni.chooseFile` leave out what is more than one may choose, without a word. */
export function pickFiles(isMultiple: boolean, { accept = "", isCamera = false } = {}): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement("input");
    Object.assign(input, { type: "file", multiple: isMultiple, accept, hidden: true });
    if (isCamera) input.setAttribute("capture", "environment");
    const end = (files: File[]): void => {
      input.remove();
      resolve(files);
    };
    input.onchange = () => end([...(input.files ?? [])]);
    input.oncancel = () => end([]);
    document.body.append(input); // one that is nowhere is forgotten by some browsers before it has answered
    input.click();
  });
}
// #endif
