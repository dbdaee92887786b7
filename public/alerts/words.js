// What people read about alerts and about what their browser can and can't do.

// What a browser lacks, by the names that `Device.lack` gives.
export const lacks = {
  ask: {
    title: 'This browser is not armed for urgent alerts.',
    text: 'It asks for permission to notify you, turns sound on, and plays a test.',
    act: 'Arm this browser',
  },
  sound: {
    title: 'Sound is off in this window.',
    text: 'Urgent alerts make no tone until you click or press a key here.',
    act: 'Turn sound on',
  },
  denied: {
    title: 'Notifications are blocked.',
    text: 'With PMS in the background you will not see urgent alerts in this browser.',
    act: null,
  },
  mute: {
    title: 'This browser can neither sound nor notify.',
    text: 'Urgent alerts show in the page only, and come by e-mail.',
    act: null,
  },
};

// How this browser stands, a line for each way in which it could alert.
export function stateLines(device) {
  return [soundLine(device), permissionLine(device), pushLine(device)];
}

function soundLine({ sound, armedElsewhere }) {
  if (sound.state === 'absent') return { good: false, text: 'Sound: this browser has none for pages.' };
  if (sound.state === 'running') return { good: true, text: 'Sound: on.' };
  if (armedElsewhere) return { good: true, text: 'Sound: on in another window.' };
  return { good: false, text: 'Sound: off until you click or press a key.' };
}

function permissionLine({ permission }) {
  const text = {
    granted: 'Notifications: allowed.',
    denied: 'Notifications: blocked in this browser’s settings.',
    default: 'Notifications: not asked for yet.',
    absent: absentWords(),
  }[permission];
  return { good: permission === 'granted', text };
}

function pushLine({ push, permission, canPush, pushTrouble }) {
  if (push) return { good: true, text: 'Push messages: on, also with PMS closed.' };
  if (!canPush) return { good: false, text: 'Push messages: this browser has none. With PMS closed, e-mail reaches you.' };
  if (permission !== 'granted') return { good: false, text: 'Push messages: need notifications.' };
  return { good: false, text: `Push messages: off. ${pushTrouble}`.trim() };
}

function absentWords() {
  if (!globalThis.isSecureContext) return 'Notifications: only over https. Ask whoever runs PMS to set it up.';
  if (isApplePhone()) return 'Notifications: add PMS to the Home Screen and open it from there (Share, then Add to Home Screen).';
  return 'Notifications: this browser has none.';
}

// How to allow notifications that were blocked: no page can ask again.
export function steps() {
  const agent = navigator.userAgent;
  if (isApplePhone()) {
    return ['Open Settings, then Notifications.', 'Choose PMS and allow notifications.', 'Open PMS from the Home Screen again.'];
  }
  if (/Firefox\//.test(agent)) {
    return [
      'Click the symbol before the address.',
      'Remove “Blocked” beside “Send notifications”.',
      'Reload this page and arm the browser.',
    ];
  }
  if (/Safari\//.test(agent) && !/Chrom(e|ium)\//.test(agent)) {
    return ['Open Safari’s Settings, then Websites, then Notifications.', 'Allow this address.', 'Reload this page.'];
  }
  return [
    'Click the symbol before the address, then Site settings.',
    'Set Notifications to Allow.',
    'Check that the system, too, lets this browser notify.',
    'Reload this page.',
  ];
}

// This browser in words, as its owner finds it in the list of devices.
export function deviceName() {
  const agent = navigator.userAgent;
  const browsers = [
    [/Edg\w*\//, 'Edge'], [/OPR\//, 'Opera'], [/Firefox\/|FxiOS\//, 'Firefox'],
    [/Chrom(e|ium)\/|CriOS\//, 'Chrome'], [/Safari\//, 'Safari'],
  ];
  const systems = [
    [/iPhone/, 'iPhone'], [/iPad/, 'iPad'], [/Android/, 'Android'], [/Windows/, 'Windows'],
    [/Mac OS X/, isApplePhone() ? 'iPad' : 'Mac'], [/CrOS/, 'ChromeOS'], [/Linux/, 'Linux'],
  ];
  const named = (list) => list.find(([pattern]) => pattern.test(agent))?.[1];
  const browser = named(browsers) ?? 'Browser';
  const system = named(systems);
  const installed = matchMedia('(display-mode: standalone)').matches ? ', installed' : '';
  return `${browser}${system ? ` on ${system}` : ''}${installed}`;
}

// “5 minutes ago”.
export function since(instant, now = Date.now()) {
  const seconds = Math.max(0, (now - Date.parse(instant)) / 1000);
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  if (seconds < 60) return 'just now';
  if (seconds < 3600) return words.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86_400) return words.format(-Math.floor(seconds / 3600), 'hour');
  return words.format(-Math.floor(seconds / 86_400), 'day');
}

// An iPad calls itself a Mac, but a Mac has no touch screen.
function isApplePhone() {
  return /iPhone|iPad/.test(navigator.userAgent) || (/Mac OS X/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
}
