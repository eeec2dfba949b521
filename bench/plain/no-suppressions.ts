// No look at suppressions in the background.

export async function watchSuppressions() {
  return {
    coversAll: () => false,
    refresh: async () => undefined,
    stop: () => undefined,
  };
}
