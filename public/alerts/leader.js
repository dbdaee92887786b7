// Which of the browser's pages sounds: one, and always one as long as any can.
//
// The page that holds the lock leads. Only pages that can sound ask for it, so a page that was never clicked can't win
// and be silent. A page that the browser has frozen keeps its lock, so the leader also says every two seconds that it is
// there, and who has not heard it for six takes the lock away.

const LOCK = 'pms-alarm';
const BEAT = 2000;
const PATIENCE = 6000;

export class Leader {
  constructor(channel, tab) {
    Object.assign(this, { channel, tab, onLead() {}, onLose() {}, onChange() {} });
    this.wanted = false;
    this.leads = false;
    // The last word of another page that leads.
    this.heardAt = 0;
    this.othersHidden = false;
  }

  start() {
    this.channel.addEventListener('message', ({ data }) => data.kind === 'beat' && this.hear(data));
    document.addEventListener('visibilitychange', () => this.look());
  }

  // Whether another page sounds at this moment.
  elsewhere() {
    return !this.leads && Date.now() - this.heardAt < PATIENCE;
  }

  // Whether this page should sound, if it is the one.
  want(wanted) {
    if (wanted === this.wanted) return;
    this.wanted = wanted;
    clearInterval(this.clock);
    if (!wanted) return this.giveUp();
    this.waitsSince = Date.now();
    this.clock = setInterval(() => this.look(), BEAT);
    this.request({});
  }

  request(options) {
    if (!navigator.locks) return this.leadByWord();
    this.giveUp();
    const mine = (this.attempt = { cancel: new AbortController() });
    const signal = options.steal ? undefined : mine.cancel.signal;
    const hold = () =>
      new Promise((release) => {
        if (this.attempt !== mine) return release();
        mine.release = release;
        this.lead();
      });
    // Rejected when the request is given up, and when another page takes the lock away.
    navigator.locks.request(LOCK, { ...options, signal }, hold).catch(() => {
      if (this.attempt !== mine) return;
      this.lose();
      if (this.wanted) this.request({});
    });
  }

  giveUp() {
    const attempt = this.attempt;
    this.attempt = null;
    attempt?.cancel.abort();
    attempt?.release?.();
    this.lose();
  }

  // Says that it leads; or takes the lock from a page that is not heard any more, or that nobody looks at.
  look() {
    if (this.leads) return this.beat();
    if (!this.wanted) return;
    const silence = Date.now() - Math.max(this.heardAt, this.waitsSince);
    const unseen = document.visibilityState === 'visible' && this.othersHidden && this.elsewhere();
    if (silence <= PATIENCE && !unseen) return;
    this.waitsSince = Date.now();
    this.request({ steal: true });
  }

  // Without locks (they need https) each page leads at once. Of two, the one that somebody looks at stays; otherwise the
  // one whose name sorts first.
  leadByWord() {
    if (!this.elsewhere() || this.othersHidden) this.lead();
  }

  hear({ tab, visible }) {
    const news = !this.elsewhere();
    this.heardAt = Date.now();
    this.othersHidden = !visible;
    const seen = document.visibilityState === 'visible';
    if (this.leads && !navigator.locks && (visible === seen ? tab < this.tab : visible)) this.lose();
    if (!this.leads) this.look();
    if (news) this.onChange();
  }

  beat() {
    this.channel.postMessage({ kind: 'beat', tab: this.tab, visible: document.visibilityState === 'visible' });
  }

  lead() {
    if (this.leads) return;
    this.leads = true;
    this.onLead();
    this.beat();
    this.onChange();
  }

  lose() {
    if (!this.leads) return;
    this.leads = false;
    this.waitsSince = Date.now();
    this.onLose();
    this.onChange();
  }
}
