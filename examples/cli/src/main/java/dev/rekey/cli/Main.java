package dev.rekey.cli;

/** The command line; {@code --help} says what there is. */
public final class Main {
    private Main() {}

    /** Ends with the status that {@code --help} lists. */
    public static void main(String[] arguments) {
        System.exit(CommandTree.run(Surroundings.ofThisProcess(), arguments));
    }
}
