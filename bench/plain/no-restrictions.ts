// Sending that nobody can restrict: no list is read, and everybody passes.

export async function watchRestrictions() {
  return {
    demand: async () => undefined,
    refresh: async () => undefined,
    stop: async () => undefined,
  };
}
