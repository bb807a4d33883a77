/** Towns of the base map, cut from the gazetteer at build time (places-plugin.mjs). */
declare module 'virtual:places' {
  interface Town {
    readonly name: string;
    readonly position: readonly [number, number];
    /** 0 capital, 1 regional seat, 2 large town, 3 abroad. */
    readonly rank: number;
    readonly population: number;
  }
  const towns: readonly Town[];
  export default towns;
}
declare module '*.geojson?url' {
  const url: string;
  export default url;
}
