// The data of the page: blocks of JSON in the document, read when they are needed.

const blocks = (name) =>
  [...document.querySelectorAll(`script[data-block="${name}"]`)].map((node) => ({
    start: Number(node.dataset.start),
    node,
    items: null,
  }));

// A block is parsed once; its text is dropped so that it is not held twice.
const read = (block) => {
  if (block.items === null) {
    block.items = JSON.parse(block.node.textContent);
    block.node.remove();
    block.node = null;
  }
  return block.items;
};

// The last block that starts at or before a number.
const blockOf = (list, number) => {
  let low = 0;
  let high = list.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (list[middle].start <= number) low = middle;
    else high = middle - 1;
  }
  return list[low];
};

const meta = read(blocks("meta")[0]);
const valueBlocks = blocks("values");
const detailBlocks = blocks("details");

// The value behind a reference; null for reference 0.
const value = (ref) => {
  if (!ref) return null;
  const block = blockOf(valueBlocks, ref);
  return read(block)[ref - block.start];
};
const text = (ref) => value(ref) ?? "";

const rows = [];
for (const block of blocks("rows")) {
  for (const row of read(block)) rows.push(row);
  block.items = null;
}

// Column numbers by name: at.severity is the index of the severity in a row.
const at = Object.fromEntries(meta.row.map((name, index) => [name, index]));

const detailOf = (number) => {
  const block = blockOf(detailBlocks, number);
  return read(block)[number - block.start];
};

const FLAG = { exploited: 1, notExploited: 2, ransomware: 4, isNew: 8, notNew: 16 };
