package dev.rekey.cli;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;
import java.util.Optional;

/** Whoever can say yes. */
interface Confirmation {
    /** Whether somebody is there to be asked. */
    boolean canAsk();

    /** True for a yes; false for anything else, and for no answer. */
    boolean saysYes(String question);

    /** What is typed without being shown; empty where nobody is there, or nothing is typed. */
    char[] secret(String question);

    /** The person at the terminal that this process was started from. */
    Confirmation TERMINAL = new Confirmation() {
        @Override
        public boolean canAsk() {
            return terminal().isPresent();
        }

        @Override
        public boolean saysYes(String question) {
            return terminal()
                    .map(terminal -> terminal.readLine("%s [y/N] ", question))
                    .filter(answer -> answer.strip().matches("(?i)y|yes"))
                    .isPresent();
        }

        @Override
        public char[] secret(String question) {
            char[] typed = terminal()
                    .map(terminal -> terminal.readPassword("%s ", question))
                    .orElse(null);
            return typed == null ? new char[0] : typed;
        }

        private static Optional<Console> terminal() {
            return Optional.ofNullable(System.console()).filter(console -> isTerminal(console));
        }

        /** Since JDK 22 a console may be a pipe, and says so; before, it was always a terminal. */
        private static boolean isTerminal(Console console) {
            try {
                return (boolean) Console.class.getMethod("isTerminal").invoke(console);
            } catch (NoSuchMethodException e) {
                return true;
            } catch (IllegalAccessException | InvocationTargetException e) {
                return false;
            }
        }
    };
}
