// A mail server that takes every e-mail and keeps it.
import { once } from 'node:events';
import { createServer } from 'node:net';

export class Mailbox {
  mails = [];

  async start() {
    this.server = createServer((socket) => this.#serve(socket));
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  get url() {
    return `smtp://127.0.0.1:${this.server.address().port}`;
  }

  // What came for a person: subjects, oldest first.
  subjects(username) {
    return this.to(username).map(({ subject }) => subject);
  }

  to(username) {
    return this.mails.filter(({ to }) => to === `${username}@example.org`);
  }

  stop() {
    this.server.close();
  }

  #serve(socket) {
    let rest = '';
    let mail = null;
    let to = '';
    const answer = (line) => socket.write(`${line}\r\n`);
    const command = (line) => {
      if (/^EHLO/i.test(line)) return answer('250-mailbox\r\n250 8BITMIME');
      if (/^DATA/i.test(line)) {
        mail = [];
        return answer('354 go on');
      }
      if (/^QUIT/i.test(line)) return socket.end('221 bye\r\n');
      to = line.match(/^RCPT TO:<(.+)>/i)?.[1] ?? to;
      return answer('250 ok');
    };
    socket.setEncoding('latin1');
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      const lines = (rest + chunk).split('\r\n');
      rest = lines.pop();
      for (const line of lines) {
        if (!mail) command(line);
        else if (line !== '.') mail.push(line);
        else {
          this.mails.push(read(mail, to));
          mail = null;
          answer('250 ok');
        }
      }
    });
    answer('220 mailbox');
  }
}

function read(lines, to) {
  const end = lines.indexOf('');
  const head = lines.slice(0, end).join('\n').replace(/\n[ \t]+/g, ' ');
  const header = (name) => head.match(new RegExp(`^${name}: (.*)$`, 'im'))?.[1] ?? '';
  return { to, subject: header('Subject'), header, text: plain(lines.slice(end + 1).join('\n')) };
}

// Quoted-printable, which is what is sent where a line is long or has letters beyond ASCII.
function plain(text) {
  const bytes = text.replace(/=\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
