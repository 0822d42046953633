package dev.rekey.cli;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;
import org.jspecify.annotations.Nullable;

/** Whoever can say yes. */
interface Confirmation {
    /** Whether somebody is there to be asked. */
    boolean canAsk();

    /** True for a yes; false for anything else, and for no answer. */
    boolean saysYes(String question);

    /** The person at the terminal that this process was started from. */
    Confirmation TERMINAL = new Confirmation() {
        @Override
        public boolean canAsk() {
            return terminal() != null;
        }

        @Override
        public boolean saysYes(String question) {
            Console terminal = terminal();
            String answer = terminal == null ? null : terminal.readLine("%s [y/N] ", question);
            return answer != null && answer.strip().matches("(?i)y|yes");
        }

        private static @Nullable Console terminal() {
            Console console = System.console();
            return console != null && isTerminal(console) ? console : null;
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
