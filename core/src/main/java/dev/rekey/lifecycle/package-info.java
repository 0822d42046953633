/**
 * The whole life of encryption at rest: what is wanted and what is observed give a plan, and the plan is carried out step by
 * step, each step proved. The planner is pure; {@code EncryptionLifecycle} is the shell around it.
 */
@NullMarked
package dev.rekey.lifecycle;

import org.jspecify.annotations.NullMarked;
