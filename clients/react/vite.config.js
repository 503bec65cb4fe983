import { defineConfig } from 'vite';

// Whoever builds it, a test for one: the package calls React's production JSX, which both builds of React have.
process.env.NODE_ENV = 'production';

export default defineConfig({
  build: {
    lib: { entry: 'src/index.ts', formats: ['es'], fileName: 'index' },
    minify: false,
    rollupOptions: { external: ['react', 'react/jsx-runtime'] },
    target: 'es2020',
  },
});
