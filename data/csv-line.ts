/** One line of CSV, quoted where RFC 4180 asks for it. */
export function csvLine(cells: readonly (string | number)[]): string {
  const quote = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return `${cells.map((cell) => quote(String(cell))).join(",")}\n`;
}
