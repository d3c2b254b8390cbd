// Under each table: a button that copies it as CSV for Swedish Excel, with semicolons and decimal
// comma. Programs that ask for a table (Excel, Word) get the same rows as one. Without this script
// the page is whole; only the buttons are missing.
(() => {
  'use strict';

  // What Excel would take for a formula; the same as `guarded` in export.py
  const FORMULA = /^(?:'*(?:[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]))/;
  // Figures as the reports print them: no-break spaces between thousands, a real minus
  // A row of digits that begins with a nought is a code or a telephone number: text
  const FIGURE = /^([+\u2212]?)(0|[1-9]\d*|[1-9]\d{0,2}(?:[\u00a0\u202f]\d{3})+)(,\d+)?([\u00a0\u202f]?%)?$/;
  const BLOCKS = 'p, li, div, br, dd, dt, pre, blockquote';
  const SHOWN_MS = 6000;

  // A mark of a note is no part of what it stands after
  const words = (cell) => {
    const copy = cell.cloneNode(true);
    copy.querySelectorAll('[role="doc-noteref"]').forEach((mark) => mark.remove());
    copy.querySelectorAll(BLOCKS).forEach((block) => block.after(' '));
    return copy.textContent.replace(/\u00ad/g, '').replace(/[ \t\r\n]+/g, ' ').trim();
  };

  const plain = (text) => text.replace(/[\u00a0\u202f]/g, ' ');

  // -> { text, number }: a figure in plain digits, or text that no program takes for a formula
  const content = (cell) => {
    const text = words(cell);
    const figure = FIGURE.exec(text);
    if (figure && (figure[1] !== '+' || cell.classList.contains('tal'))) {
      const [, sign, digits, decimals = '', percent = ''] = figure;
      const minus = sign === '\u2212' ? '-' : '';
      return {
        text: minus + digits.replace(/\D/g, '') + decimals + percent.trim(),
        number: true,
      };
    }
    return { text: (FORMULA.test(text) ? "'" : '') + plain(text), number: false };
  };

  // Each row as a list with one entry per column: { cell, first }, first where the cell begins
  const grid = (rows) => {
    const lines = rows.map(() => []);
    rows.forEach((row, r) => {
      let column = 0;
      for (const cell of row.cells) {
        while (lines[r][column]) column += 1;
        const last = Math.min(rows.length, r + (cell.rowSpan || rows.length));
        for (let down = r; down < last; down += 1) {
          for (let across = 0; across < cell.colSpan; across += 1) {
            lines[down][column + across] = { cell, first: across === 0 };
          }
        }
        column += cell.colSpan;
      }
    });
    return lines;
  };

  // Heads above one another become one: "Utfall – 2022"
  const heads = (table) => {
    const lines = table.tHead ? grid([...table.tHead.rows]) : [];
    return (lines[lines.length - 1] || []).map((_, column) => {
      const cells = new Set(lines.map((line) => line[column] && line[column].cell));
      const texts = [...cells].filter(Boolean).map((cell) => plain(words(cell))).filter(Boolean);
      const text = texts.join(' – ');
      return { text: (FORMULA.test(text) ? "'" : '') + text, number: false };
    });
  };

  // The names of groups become a column of their own, so that the rows can be sorted
  const read = (table) => {
    const bodies = [...table.tBodies, ...(table.tFoot ? [table.tFoot] : [])];
    const grouped = table.querySelector('th[scope="rowgroup"]') !== null;
    const lines = [];
    const head = heads(table);
    if (head.length) lines.push([...(grouped ? [{ text: 'Grupp', number: false }] : []), ...head]);
    bodies.forEach((body) => {
      let group = { text: '', number: false };
      const rows = [...body.rows];
      grid(rows).forEach((line, r) => {
        if (rows[r].cells.length === 1 && rows[r].cells[0].scope === 'rowgroup') {
          group = content(rows[r].cells[0]);
          return;
        }
        const cells = line.map(({ cell, first }) => (first ? content(cell) : { text: '' }));
        lines.push(grouped ? [group, ...cells] : cells);
      });
    });
    return lines;
  };

  const quoted = (text) => (/[";\r\n]|^ | $/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  const csv = (lines) =>
    lines.map((line) => line.map((cell) => quoted(cell.text)).join(';')).join('\r\n') + '\r\n';

  const markup = (lines) => {
    const table = document.createElement('table');
    lines.forEach((line) => {
      const row = table.insertRow();
      line.forEach((cell) => {
        const place = row.insertCell();
        place.textContent = cell.text;
        // Excel's own way to be told that a cell is text: 0123 keeps its nought, 1/2 is no date
        if (!cell.number) place.setAttribute('style', "mso-number-format:'\\@'");
      });
    });
    return table.outerHTML;
  };

  // For pages that are opened as files, where the browser may keep the clipboard to itself
  const byCommand = (kinds) => {
    const field = document.createElement('textarea');
    field.className = 'dold';
    field.value = kinds['text/plain'];
    document.body.append(field);
    const give = (event) => {
      Object.entries(kinds).forEach(([kind, text]) => event.clipboardData.setData(kind, text));
      event.preventDefault();
    };
    document.addEventListener('copy', give);
    field.select();
    let done = false;
    try {
      done = document.execCommand('copy');
    } catch {
      done = false;
    }
    document.removeEventListener('copy', give);
    field.remove();
    return done;
  };

  const copy = async (kinds) => {
    try {
      const parts = Object.entries(kinds).map(([kind, text]) => [kind, new Blob([text], { type: kind })]);
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(parts))]);
      return true;
    } catch {
      return byCommand(kinds);
    }
  };

  const nameOf = (table, frame) => {
    const label = table.querySelector('caption .etikett');
    if (label) return label.textContent.replace(/\.\s*$/, '');
    return frame.getAttribute('aria-label') || 'Tabellen';
  };

  const begin = () => {
    const status = document.createElement('p');
    status.className = 'besked';
    status.setAttribute('role', 'status');
    document.body.append(status);
    let timer = 0;
    const say = (text) => {
      clearTimeout(timer);
      status.textContent = text;
      timer = setTimeout(() => { status.textContent = ''; }, SHOWN_MS);
    };
    document.querySelectorAll('main .tabellram').forEach((frame) => {
      const table = frame.querySelector('table');
      if (!table) return;
      const name = nameOf(table, frame);
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'kopiera';
      button.textContent = 'Kopiera tabellen';
      button.setAttribute('aria-label', `Kopiera tabellen: ${name}`);
      button.addEventListener('click', async () => {
        const lines = read(table);
        const done = await copy({ 'text/plain': csv(lines), 'text/html': markup(lines) });
        button.focus();
        const are = name.startsWith('Siffrorna') ? 'kopierade' : 'kopierad';
        say(done ? `${name} är ${are}` : `${name} gick inte att kopiera: markera och kopiera själv`);
      });
      let last = frame;
      while (last.nextElementSibling?.matches('.tabellnot')) last = last.nextElementSibling;
      last.after(button);
    });
  };

  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', begin);
  else begin();
})();
