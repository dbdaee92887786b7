// The tone. Made, not fetched: it needs no network and no file, and no timer either. One buffer holds a whole period and
// is played in a loop, so a hidden page, whose timers the browser slows down, rings like any other.

// A period: ten seconds of tone, twenty of silence. Half a minute is also what a browser lets a page be silent before
// it slows it down.
const PERIOD = 30;
const RINGS = 10;
// The two tones, in hertz, one after the other within each second, and how long each is.
const TONES = [880, 660];
const TONE = 0.4;
// From silence to full and back, so that it does not click.
const EDGE = 0.02;
// Twice the highest tone would do; a low rate keeps the buffer small.
const RATE = 16_000;
const TEST = 2;

export class Sound {
  constructor() {
    this.onChange = () => {};
    this.context = null;
    this.source = null;
    this.Context = globalThis.AudioContext ?? globalThis.webkitAudioContext;
  }

  start() {
    const gesture = () => this.unlock();
    // All of them: which one counts as a person's act differs between browsers.
    for (const kind of ['pointerdown', 'pointerup', 'touchend', 'click', 'keydown']) {
      window.addEventListener(kind, gesture, { capture: true, passive: true });
    }
  }

  // `absent`, `locked` (the browser wants a click or key first, or has interrupted the sound), or `running`.
  get state() {
    if (!this.Context) return 'absent';
    return this.context?.state === 'running' ? 'running' : 'locked';
  }

  // Turns sound on, if this happens in a click or key. Does nothing where it is on.
  unlock() {
    // A key such as Escape is no act that unlocks, and trying makes the browser complain.
    if (!this.Context || this.state === 'running' || navigator.userActivation?.isActive === false) return;
    this.open();
    this.context.resume().catch(() => {});
  }

  // Looks whether this browser lets the page sound without a click: installed apps and screens set up for it do.
  probe() {
    if (this.Context && !this.context) this.open();
  }

  // After a call or a locked screen the browser leaves the sound interrupted.
  revive() {
    if (this.context && this.context.state !== 'running') this.context.resume().catch(() => {});
  }

  open() {
    if (this.context) return;
    this.context = new this.Context();
    this.context.addEventListener('statechange', () => this.onChange());
  }

  // Rings until `hush`.
  ring() {
    if (this.source || !this.context) return;
    this.loud(true);
    this.source = this.play({ loop: true });
  }

  hush() {
    this.source?.stop();
    this.source = null;
    this.loud(false);
  }

  // Two seconds of the same tone.
  test() {
    if (this.state === 'running' && !this.source) this.play({ seconds: TEST });
  }

  play({ loop = false, seconds }) {
    const source = this.context.createBufferSource();
    source.buffer = this.period ??= period(this.context);
    source.loop = loop;
    const press = this.context.createDynamicsCompressor();
    source.connect(press).connect(this.context.destination);
    source.addEventListener('ended', () => press.disconnect());
    source.start(0, 0, ...(seconds ? [seconds] : []));
    return source;
  }

  // On an iPhone only what counts as playback is heard with the ring switch off. It stops a person's music, so only
  // while it rings.
  loud(on) {
    if (navigator.audioSession) navigator.audioSession.type = on ? 'playback' : 'auto';
  }
}

function period(context) {
  const buffer = context.createBuffer(1, PERIOD * RATE, RATE);
  const samples = buffer.getChannelData(0);
  for (let at = 0; at < RINGS * RATE; at++) {
    const within = (at / RATE) % 1;
    const which = Math.floor(within / TONE);
    if (which >= TONES.length) continue;
    const into = within - which * TONE;
    const edge = Math.min(1, into / EDGE, (TONE - into) / EDGE);
    samples[at] = 0.9 * edge * Math.sin(2 * Math.PI * TONES[which] * into);
  }
  return buffer;
}
