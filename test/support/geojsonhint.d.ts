declare module 'geojsonhint' {
  const geojsonhint: { hint(text: string): { readonly message: string; readonly level?: string }[] };
  export default geojsonhint;
}
