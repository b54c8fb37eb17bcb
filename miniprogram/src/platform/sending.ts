/** The phone's own way of sending a picture to others, where its browser has one. */

function fileOf(address: string): File {
  const [, content = ""] = address.split(",", 2);
  return new File([Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))], "card.png", { type: "image/png" });
}

/** `address`: a picture written as an address. */
export const canSendOn = (address: string): boolean => Boolean(navigator.canShare?.({ files: [fileOf(address)] }));

/** A change of mind is no failure. */
export const sendOn = (address: string, text: string): Promise<void> => navigator.share({ files: [fileOf(address)], text }).catch(() => undefined);
