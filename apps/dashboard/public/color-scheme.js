// Sets theme and density before the first paint. The keys are those of src/app/theme.ts and src/shared/ui/appearance.ts.
(function () {
  var root = document.documentElement;
  var wanted = 'auto';
  try {
    wanted = localStorage.getItem('perch-color-scheme') || 'auto';
    root.setAttribute('data-density', JSON.parse(localStorage.getItem('perch-density') || '"normal"'));
    root.setAttribute('data-still', localStorage.getItem('perch-still') || 'false');
  } catch {
    // Storage may be blocked, or hold what nobody wrote there: what the system says is right then.
  }
  var dark = wanted === 'dark' || (wanted !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
