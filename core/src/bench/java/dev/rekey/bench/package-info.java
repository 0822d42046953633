/** Benchmarks, compiled and run only with the Maven profile {@code bench}; see docs/measuring.md. In no jar. */
package dev.rekey.bench;
