package io.ringcast.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A strict scanner for JSON (RFC 8259) in a range of a byte array: it finds where a value ends, or why there is none.
 * Confined to the thread that uses it: it keeps the stack of open brackets and the place of the last failure.
 *
 * <p>Every method takes the place to start at and the limit, never reads at or behind the limit, and returns the place
 * behind what it skipped or one of the negative codes below. Nothing is allocated, nothing is thrown, and nesting is
 * counted instead of recursed into, so no text can overflow the stack.
 *
 * <p>A {@code \}{@code u} escape of half a surrogate pair is legal grammar and passes; raw bytes must be valid UTF-8.
 */
public final class JsonScanner
{
    /** How deep brackets may be nested, in levels. */
    public static final int MAX_DEPTH_LEVELS = 128;

    /** The range ends within the value. */
    public static final int TRUNCATED = -1;
    /** A byte that the grammar does not allow there. */
    public static final int UNEXPECTED_BYTE = -2;
    /** More than {@link #MAX_DEPTH_LEVELS} brackets are open. */
    public static final int TOO_DEEP = -3;
    /** A string holds bytes that are not UTF-8. */
    public static final int INVALID_UTF8 = -4;
    /** A string holds a backslash that starts no escape. */
    public static final int INVALID_ESCAPE = -5;
    /** A string holds a raw byte below 0x20. */
    public static final int CONTROL_CHARACTER = -6;
    /** A number that breaks off, such as {@code 1.} or {@code -}. */
    public static final int INVALID_NUMBER = -7;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EVERY_BYTE = 0x0101010101010101L;
    private static final long HIGH_BITS = EVERY_BYTE * 0x80;
    private static final long QUOTES = EVERY_BYTE * '"';
    private static final long BACKSLASHES = EVERY_BYTE * '\\';
    private static final long SPACES = EVERY_BYTE * ' ';

    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    /** For each open bracket whether it is that of an object. */
    private final boolean[] inObject = new boolean[MAX_DEPTH_LEVELS];
    private int failureOffset;

    /**
     * Where the last failure was found.
     *
     * @return an offset from the start of the array; meaningless unless a method returned a negative code.
     */
    public int failureOffset()
    {
        return failureOffset;
    }

    /**
     * A failure in words.
     *
     * @param code one of the negative codes.
     * @return a constant.
     */
    public static String describe(final int code)
    {
        switch (code)
        {
            case TRUNCATED:
                return "text ends too early";
            case TOO_DEEP:
                return "nested too deeply";
            case INVALID_UTF8:
                return "string is not UTF-8";
            case INVALID_ESCAPE:
                return "invalid escape in string";
            case CONTROL_CHARACTER:
                return "raw control character in string";
            case INVALID_NUMBER:
                return "invalid number";
            default:
                return "unexpected byte";
        }
    }

    /**
     * Skips one value and white space before it, but none behind it. One loop, however long: what it keeps of the open
     * brackets stays in registers, and a value in parts would hand it from call to call.
     *
     * @param bytes      the array.
     * @param offset     where to start.
     * @param limit      the end of what may be read.
     * @param openLevels how many brackets the caller has open around the value.
     * @return the place behind the value, or a negative code.
     */
    public int skipValue(final byte[] bytes, final int offset, final int limit, final int openLevels)
    {
        int depth = openLevels;
        int at = offset;
        while (true)
        {
            at = skipWhite(bytes, at, limit);
            if (at == limit)
            {
                return fail(TRUNCATED, at);
            }
            final byte first = bytes[at];
            if (first == '{' || first == '[')
            {
                if (depth == MAX_DEPTH_LEVELS)
                {
                    return fail(TOO_DEEP, at);
                }
                final boolean isObject = first == '{';
                at = skipWhite(bytes, at + 1, limit);
                if (at == limit || bytes[at] != (isObject ? '}' : ']'))
                {
                    inObject[depth++] = isObject;
                    at = isObject ? skipNameAndColon(bytes, at, limit) : at;
                    if (at < 0)
                    {
                        return at;
                    }
                    continue;
                }
                at++;
            }
            else
            {
                at = first == '"' ? skipString(bytes, at, limit) : skipNumberOrLiteral(bytes, at, limit);
                if (at < 0)
                {
                    return at;
                }
            }

            // A value has ended: close brackets until a comma announces the next one.
            while (depth != openLevels)
            {
                final boolean isObject = inObject[depth - 1];
                at = findSeparator(bytes, at, limit, isObject ? '}' : ']');
                if (at < 0)
                {
                    return at;
                }
                if (bytes[at++] == ',')
                {
                    at = isObject ? skipNameAndColon(bytes, skipWhite(bytes, at, limit), limit) : at;
                    if (at < 0)
                    {
                        return at;
                    }
                    break;
                }
                depth--;
            }
            if (depth == openLevels)
            {
                return at;
            }
        }
    }

    /**
     * Skips space, tab, line feed and carriage return.
     *
     * @param bytes  the array.
     * @param offset where to start.
     * @param limit  the end of what may be read.
     * @return the place of the first other byte, or the limit; never negative.
     */
    static int skipWhite(final byte[] bytes, final int offset, final int limit)
    {
        int at = offset;
        while (at < limit && isWhite(bytes[at]))
        {
            at++;
        }
        return at;
    }

    static boolean isWhite(final byte value)
    {
        return value <= ' ' && (value == ' ' || value == '\n' || value == '\r' || value == '\t');
    }

    /**
     * Finds the comma or closing bracket behind a value.
     *
     * @param bytes  the array.
     * @param offset the place behind the value.
     * @param limit  the end of what may be read.
     * @param close  the closing bracket that may stand there.
     * @return the place of the comma or bracket itself, or a negative code.
     */
    int findSeparator(final byte[] bytes, final int offset, final int limit, final int close)
    {
        final int at = skipWhite(bytes, offset, limit);
        if (at == limit)
        {
            return fail(TRUNCATED, at);
        }
        return bytes[at] == ',' || bytes[at] == close ? at : fail(UNEXPECTED_BYTE, at);
    }

    /**
     * Skips a member's name, which must stand right there.
     *
     * @param bytes  the array.
     * @param offset the place of the opening quote.
     * @param limit  the end of what may be read.
     * @return the place behind the closing quote, or a negative code.
     */
    int skipName(final byte[] bytes, final int offset, final int limit)
    {
        if (offset == limit)
        {
            return fail(TRUNCATED, offset);
        }
        return bytes[offset] == '"' ? skipString(bytes, offset, limit) : fail(UNEXPECTED_BYTE, offset);
    }

    /**
     * Skips the colon behind a member's name and white space on both its sides.
     *
     * @param bytes  the array.
     * @param offset the place behind the name.
     * @param limit  the end of what may be read.
     * @return the place of the first byte of the member's value, or a negative code.
     */
    int skipColon(final byte[] bytes, final int offset, final int limit)
    {
        final int colon = skipWhite(bytes, offset, limit);
        if (colon < limit && bytes[colon] != ':')
        {
            return fail(UNEXPECTED_BYTE, colon);
        }
        final int at = colon == limit ? limit : skipWhite(bytes, colon + 1, limit);
        return at == limit ? fail(TRUNCATED, limit) : at;
    }

    private int skipNameAndColon(final byte[] bytes, final int offset, final int limit)
    {
        final int nameEnd = skipName(bytes, offset, limit);
        return nameEnd < 0 ? nameEnd : skipColon(bytes, nameEnd, limit);
    }

    private int skipString(final byte[] bytes, final int openQuote, final int limit)
    {
        int at = openQuote + 1;
        while (true)
        {
            at = skipPlain(bytes, at, limit);
            if (at == limit)
            {
                return fail(TRUNCATED, at);
            }
            final byte value = bytes[at];
            if (value == '"')
            {
                return at + 1;
            }
            at = value == '\\' ? skipEscape(bytes, at, limit) : skipMultiByte(bytes, at, limit);
            if (at < 0)
            {
                return at;
            }
        }
    }

    /**
     * Skips what needs no look in a string. Heads hold strings of 512 hexadecimal digits, hence eight bytes at a time:
     * a byte's high bit gets set if the byte is a quote, a backslash, below a space, or not ASCII. A borrow can set it
     * for a byte behind such a one by mistake, but only the first counts.
     */
    private static int skipPlain(final byte[] bytes, final int offset, final int limit)
    {
        int at = offset;
        while (at <= limit - Long.BYTES)
        {
            final long word = (long)LONGS.get(bytes, at);
            final long found = HIGH_BITS & (word | (word - SPACES) |
                ((word ^ QUOTES) - EVERY_BYTE) | ((word ^ BACKSLASHES) - EVERY_BYTE));
            if (found != 0)
            {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
            at += Long.BYTES;
        }
        while (at < limit && bytes[at] >= ' ' && bytes[at] != '"' && bytes[at] != '\\')
        {
            at++;
        }
        return at;
    }

    private int skipMultiByte(final byte[] bytes, final int offset, final int limit)
    {
        if (bytes[offset] >= 0)
        {
            return fail(CONTROL_CHARACTER, offset);
        }
        int at = offset;
        while (at < limit && bytes[at] < 0)
        {
            final int sequenceBytes = Utf8Check.sequenceLength(bytes, at, limit);
            if (sequenceBytes == 0)
            {
                return fail(INVALID_UTF8, at);
            }
            at += sequenceBytes;
        }
        return at;
    }

    private int skipEscape(final byte[] bytes, final int backslash, final int limit)
    {
        if (backslash + 1 == limit)
        {
            return fail(TRUNCATED, limit);
        }
        switch (bytes[backslash + 1])
        {
            case '"':
            case '\\':
            case '/':
            case 'b':
            case 'f':
            case 'n':
            case 'r':
            case 't':
                return backslash + 2;
            case 'u':
                break;
            default:
                return fail(INVALID_ESCAPE, backslash);
        }
        for (int at = backslash + 2; at < backslash + 6; at++)
        {
            if (at == limit)
            {
                return fail(TRUNCATED, at);
            }
            if (!isHexDigit(bytes[at]))
            {
                return fail(INVALID_ESCAPE, backslash);
            }
        }
        return backslash + 6;
    }

    private int skipNumberOrLiteral(final byte[] bytes, final int offset, final int limit)
    {
        switch (bytes[offset])
        {
            case 't':
                return skipLiteral(bytes, offset, limit, TRUE);
            case 'f':
                return skipLiteral(bytes, offset, limit, FALSE);
            case 'n':
                return skipLiteral(bytes, offset, limit, NULL);
            case '-':
                return skipNumber(bytes, offset, offset + 1, limit);
            default:
                return isDigit(bytes[offset]) ?
                    skipNumber(bytes, offset, offset, limit) : fail(UNEXPECTED_BYTE, offset);
        }
    }

    private int skipLiteral(final byte[] bytes, final int offset, final int limit, final byte[] literal)
    {
        for (int i = 1; i < literal.length; i++)
        {
            if (offset + i == limit)
            {
                return fail(TRUNCATED, limit);
            }
            if (bytes[offset + i] != literal[i])
            {
                return fail(UNEXPECTED_BYTE, offset + i);
            }
        }
        return offset + literal.length;
    }

    private int skipNumber(final byte[] bytes, final int offset, final int firstDigit, final int limit)
    {
        int at = skipDigits(bytes, firstDigit, limit);
        final boolean hasLeadingZero = at > firstDigit + 1 && bytes[firstDigit] == '0';
        if (at == firstDigit || hasLeadingZero)
        {
            return fail(INVALID_NUMBER, offset);
        }
        if (at < limit && bytes[at] == '.')
        {
            final int fraction = at + 1;
            at = skipDigits(bytes, fraction, limit);
            if (at == fraction)
            {
                return fail(INVALID_NUMBER, offset);
            }
        }
        if (at < limit && (bytes[at] | 0x20) == 'e')
        {
            final boolean hasSign = at + 1 < limit && (bytes[at + 1] == '+' || bytes[at + 1] == '-');
            final int exponent = at + (hasSign ? 2 : 1);
            at = skipDigits(bytes, exponent, limit);
            if (at == exponent)
            {
                return fail(INVALID_NUMBER, offset);
            }
        }
        return at;
    }

    private static int skipDigits(final byte[] bytes, final int offset, final int limit)
    {
        int at = offset;
        while (at < limit && isDigit(bytes[at]))
        {
            at++;
        }
        return at;
    }

    private static boolean isDigit(final byte value)
    {
        return value >= '0' && value <= '9';
    }

    private static boolean isHexDigit(final byte value)
    {
        final int lower = value | 0x20;
        return isDigit(value) || lower >= 'a' && lower <= 'f';
    }

    private int fail(final int code, final int at)
    {
        failureOffset = at;
        return code;
    }
}
