// Sets the theme before the first paint. The key is the one that src/app/theme.ts gives to Mantine.
(function () {
  var wanted = 'auto';
  try {
    wanted = localStorage.getItem('perch-color-scheme') || 'auto';
  } catch {
    // Storage may be blocked; the system's theme is right then.
  }
  var dark = wanted === 'dark' || (wanted !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
