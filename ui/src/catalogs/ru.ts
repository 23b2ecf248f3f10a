// The messages of this language, those that the rest of the program shares with the window among them.

export const themes = import.meta.glob('../../../src-tauri/crates/language/messages/ru/{window/*,rule,place}.json', {
  eager: true,
  import: 'default',
});
