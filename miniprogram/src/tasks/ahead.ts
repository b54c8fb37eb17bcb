/** Load the pages of tasks while there is a signal: on the H5 page each is a file of its own, and would be missing without one. */
export function loadAhead(): void {
  // #ifdef H5
  void Promise.all([import("@/tasks/pages/task.vue"), import("@/tasks/pages/fill.vue"), import("@/tasks/visits/record.vue")]).catch(() => undefined);
  // #endif
}
