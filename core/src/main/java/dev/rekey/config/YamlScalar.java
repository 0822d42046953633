package dev.rekey.config;

import dev.rekey.config.Tree.Position;
import dev.rekey.internal.YamlDifferences;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A plain scalar as the server's YAML 1.1 reads it: {@code yes} is a boolean, {@code 0777} is octal, {@code 1_000} is a
 * number, and a date stays a text.
 */
final class YamlScalar {
    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
    private static final Set<String> BOOLEANS = Set.of(
            "y", "Y", "yes", "Yes", "YES", "n", "N", "no", "No", "NO", "true", "True", "TRUE", "false", "False",
            "FALSE", "on", "On", "ON", "off", "Off", "OFF");
    private static final Pattern FLOAT = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    /** After a dot at the beginning Go's own reader of floats decides, which takes underscores between digits only. */
    private static final Pattern FRACTION = Pattern.compile("\\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?");

    private static final Pattern BASED = Pattern.compile("([-+]?)0(?:[xX]([0-9a-fA-F]+)|[oO]?([0-7]+)|[bB]([01]+))");
    private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MOST = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    /** No field takes a number of more digits, and reading one costs more than its length. */
    private static final int LONGEST_NUMBER = 64;

    private YamlScalar() {}

    static Tree read(String text, Position at) {
        if (NULLS.contains(text)) {
            return new Tree.Null(at);
        }
        if (BOOLEANS.contains(text)) {
            return new Tree.Bool(at);
        }
        if (YamlDifferences.isNotFinite(text)) {
            return new Tree.Num(0, false, at);
        }
        char first = text.charAt(0);
        if (first == '.') {
            return FRACTION.matcher(text).matches() ? number(text, at) : new Tree.Str(text, false, at);
        }
        if (first != '+' && first != '-' && (first < '0' || first > '9')) {
            return new Tree.Str(text, false, at);
        }
        String digits = text.replace("_", "");
        Matcher based = BASED.matcher(digits);
        if (digits.length() <= LONGEST_NUMBER && based.matches()) {
            BigInteger value = value(based);
            boolean fits = value.compareTo(LEAST) >= 0 && value.compareTo(MOST) <= 0;
            // What does not fit, and was written with the digits of a decimal, becomes a float there: a number all the
            // same.
            if (fits || FLOAT.matcher(digits).matches()) {
                return new Tree.Num(value.bitLength() < 64 ? value.longValue() : 0, value.bitLength() < 64, at);
            }
            return new Tree.Str(text, false, at);
        }
        return FLOAT.matcher(digits).matches() ? number(text, at) : new Tree.Str(text, false, at);
    }

    private static BigInteger value(Matcher based) {
        BigInteger value;
        if (based.group(2) != null) {
            value = new BigInteger(based.group(2), 16);
        } else if (based.group(3) != null) {
            value = new BigInteger(based.group(3), 8);
        } else {
            value = new BigInteger(based.group(4), 2);
        }
        return "-".equals(based.group(1)) ? value.negate() : value;
    }

    /** A float that is whole becomes an integer on its way through JSON; one that is too large stays a text. */
    private static Tree number(String text, Position at) {
        String digits = text.replace("_", "");
        if (digits.length() > LONGEST_NUMBER) {
            return new Tree.Num(0, false, at);
        }
        double value = Double.parseDouble(digits);
        if (Double.isInfinite(value)) {
            return new Tree.Str(text, false, at);
        }
        if (value != Math.rint(value) || Math.abs(value) >= 1e15) {
            return new Tree.Num(0, false, at);
        }
        return new Tree.Num(new BigDecimal(value).longValueExact(), true, at);
    }
}
