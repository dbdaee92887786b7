// A board as people see it: columns by name, cards by title.
import { eventually } from './stage.mjs';

export class Board {
  // The board that the window shows, once it is there.
  static async on(window) {
    const board = new Board();
    board.window = window;
    board.page = window.page;
    await board.ready();
    return board;
  }

  async ready() {
    await this.page.getByRole('region', { name: 'Board' }).waitFor();
    await this.window.alive();
  }

  async reload() {
    await this.page.reload();
    await this.ready();
  }

  column(name) {
    const heading = this.page.locator('h2').filter({ hasText: new RegExp(`^${name}$`) });
    return this.page.locator('.board-column').filter({ has: heading });
  }

  card(title) {
    return this.page.locator('.card').filter({ has: this.page.getByText(title, { exact: true }) });
  }

  // The titles in a column, from top to bottom.
  cards(column) {
    return this.column(column).locator('.card-title').allTextContents();
  }

  // Every column's titles.
  all() {
    return this.page.locator('.board-column').evaluateAll((columns) =>
      Object.fromEntries(
        columns.map((column) => [
          column.querySelector('h2').textContent,
          [...column.querySelectorAll('.card-title')].map((title) => title.textContent),
        ]),
      ),
    );
  }

  async middle(title) {
    const card = this.card(title);
    await card.scrollIntoViewIfNeeded();
    const { x, y, width, height } = await card.boundingBox();
    return { x: x + width / 2, y: y + height / 2, top: y };
  }

  // Drags a card to the end of a column, or above another card, and waits for the server's answer.
  async drag(title, { to, above }) {
    const from = await this.middle(title);
    await this.page.mouse.move(from.x, from.y);
    await this.page.mouse.down();
    await this.page.mouse.move(from.x + 8, from.y + 8);
    const goal = above ? await this.middle(above) : await this.end(to);
    // Steps, as a hand makes them.
    await this.page.mouse.move(goal.x, above ? goal.top + 4 : goal.y, { steps: 5 });
    await this.window.answered('task/move', () => this.page.mouse.up());
    await eventually(async () => (await this.cards(to)).includes(title), true, `“${title}” is in ${to}`);
  }

  async end(column) {
    const { x, y, width, height } = await this.column(column).locator('.board-cards').boundingBox();
    return { x: x + width / 2, y: y + Math.max(height - 8, 4) };
  }

  // Picks a card up by keyboard.
  async pickUp(title) {
    await this.card(title).getByRole('link', { name: title }).focus();
    await this.page.keyboard.press(' ');
    await this.said(/^Picked up:/);
  }

  // Presses an arrow with a card in hand, and waits until the card is at its place with the focus on it.
  async carry(title, arrow, place) {
    await this.page.keyboard.press(arrow);
    await this.said(place);
    await this.page.waitForFunction((title) => document.activeElement?.textContent === title, title);
  }

  // What a screen reader is told.
  async said(words) {
    const live = this.page.locator('main [aria-live="assertive"]');
    await live.filter({ hasText: words }).waitFor({ state: 'attached' });
  }
}
