import { imprint } from "@/lib/imprint";

/** Whether there is a map to check a point on, and to move it: WeChat's, or in a browser the one that the operator set up. */
export const hasMap = (): boolean => {
  // #ifdef H5
  return Boolean(imprint.now?.map);
  // #endif
  // #ifndef H5
  return true;
  // #endif
};
