/** “50元”, “1234.50元”: cents as people read them. */
export function moneyText(cents: number): string {
  return cents % 100 === 0 ? `${cents / 100}元` : `${(cents / 100).toFixed(2)}元`;
}
