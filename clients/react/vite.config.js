import { defineConfig } from 'vite';

// Whoever builds it, a test for one: the package calls React's production JSX, which both builds of React have.
process.env.NODE_ENV = 'production';

export default defineConfig({
  build: {
    lib: { entry: 'src/index.ts', formats: ['es', 'cjs'], fileName: (format) => (format === 'es' ? 'index.js' : 'cjs/index.js') },
    minify: false,
    rollupOptions: {
      external: ['react', 'react/jsx-runtime'],
      // Frameworks with server components take the package into the browser, where alone it counts.
      output: { banner: '"use client";' },
    },
    target: 'es2017',
  },
});
