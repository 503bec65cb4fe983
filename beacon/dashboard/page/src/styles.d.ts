// The bundler takes style sheets that a module imports into dashboard.css.
declare module '*.css';
