package io.ringcast.frame;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/**
 * Writes random JSON texts, and spoils them.
 * Confined to the test's thread.
 */
final class RandomJson
{
    private static final String[] NUMBERS =
        {"0", "-0", "1", "1.0", "10e2", "-1.5E-7", "0.25e+10", "18446744073709551616", "1e400"};
    private static final String[] ESCAPES =
        {"\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t", "\\u0041", "\\ud83d\\uDE00", "\\uD800", "\\u0000"};
    private static final String[] CHARACTERS = {"\u00e9", "\u20ac", "\ud83d\ude00", "\u007f", "\uffff", "{", "]", ","};
    private static final String[] WHITE = {" ", "\t", "\n", "\r", " \r\n\t ", "          "};
    private static final String[] ENVELOPE_NAMES =
        {"jsonrpc", "id", "method", "params", "result", "error", "subscription", "Id", "i\\u0064", "methods", ""};
    /** Bytes that mean something to the grammar: likelier to spoil a text in an interesting way than any byte. */
    private static final byte[] TELLING = "{}[]:,\"\\0123456789-+.eEtrufalsn \t\n\r\0\f/\u00a0\u00ff"
        .getBytes(StandardCharsets.ISO_8859_1);

    private final Random random;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int whiteInPercent;

    RandomJson(final long seed)
    {
        random = new Random(seed);
    }

    /** Any valid JSON text. */
    byte[] document()
    {
        start();
        white();
        value(random.nextInt(7));
        white();
        return out.toByteArray();
    }

    /** A valid JSON text that looks like JSON-RPC, more often right than wrong. */
    byte[] envelope()
    {
        start();
        white();
        if (random.nextInt(20) == 0)
        {
            array(() -> object(1));
        }
        else
        {
            object(1);
        }
        white();
        return out.toByteArray();
    }

    /** The text with one to three bytes changed, put in, taken out, or with its end cut off. */
    byte[] spoil(final byte[] text)
    {
        byte[] spoilt = text;
        for (int i = random.nextInt(3); i >= 0 && spoilt.length > 0; i--)
        {
            spoilt = spoilOnce(spoilt, random.nextInt(spoilt.length));
        }
        return spoilt;
    }

    private byte[] spoilOnce(final byte[] text, final int at)
    {
        final byte other = random.nextInt(4) == 0 ? (byte)random.nextInt(256) : TELLING[random.nextInt(TELLING.length)];
        final byte[] spoilt;
        switch (random.nextInt(5))
        {
            case 0:
                return Arrays.copyOf(text, at);
            case 1:
                spoilt = Arrays.copyOf(text, text.length + 1);
                System.arraycopy(text, at, spoilt, at + 1, text.length - at);
                spoilt[at] = other;
                return spoilt;
            case 2:
                spoilt = Arrays.copyOf(text, text.length - 1);
                System.arraycopy(text, at + 1, spoilt, at, text.length - at - 1);
                return spoilt;
            case 3:
                spoilt = text.clone();
                spoilt[at] ^= (byte)(1 << random.nextInt(8));
                return spoilt;
            default:
                spoilt = text.clone();
                spoilt[at] = other;
                return spoilt;
        }
    }

    private void start()
    {
        out.reset();
        whiteInPercent = random.nextInt(3) * 15;
    }

    private void value(final int levels)
    {
        switch (levels == 0 ? random.nextInt(4) : random.nextInt(6))
        {
            case 0:
                string();
                break;
            case 1:
                number();
                break;
            case 2:
                write(random.nextBoolean() ? "true" : "false");
                break;
            case 3:
                write("null");
                break;
            case 4:
                array(() -> value(levels - 1));
                break;
            default:
                plainObject(levels - 1);
                break;
        }
    }

    private void array(final Runnable element)
    {
        write("[");
        white();
        for (int i = random.nextInt(5); i > 0; i--)
        {
            element.run();
            white();
            write(i == 1 ? "" : ",");
            white();
        }
        write("]");
    }

    private void plainObject(final int levels)
    {
        write("{");
        white();
        for (int i = random.nextInt(5); i > 0; i--)
        {
            if (random.nextInt(8) == 0)
            {
                write('"' + ENVELOPE_NAMES[random.nextInt(ENVELOPE_NAMES.length)] + '"');
            }
            else
            {
                string();
            }
            colon();
            value(levels);
            white();
            write(i == 1 ? "" : ",");
            white();
        }
        write("}");
    }

    /** The envelope at level 1, the params of a notification at level 2. */
    private void object(final int level)
    {
        write("{");
        white();
        final int[] members = random.nextInt(3) == 0 ? anyMembers() : usualMembers(level);
        for (int i = 0; i < members.length; i++)
        {
            final String name = ENVELOPE_NAMES[members[i]];
            write('"' + name + '"');
            colon();
            member(name, level);
            white();
            write(i == members.length - 1 ? "" : ",");
            white();
        }
        write("}");
    }

    private int[] anyMembers()
    {
        final int[] members = new int[random.nextInt(8)];
        Arrays.setAll(members, i -> random.nextInt(ENVELOPE_NAMES.length));
        return members;
    }

    /** The members of a usual shape, as indexes of {@link #ENVELOPE_NAMES}, in any order. */
    private int[] usualMembers(final int level)
    {
        final int[][] shapes = level == 1 ?
            new int[][] {{0, 1, 2, 3}, {0, 2, 3}, {0, 1, 4}, {0, 1, 5}, {1, 4}, {0, 2, 3, 10}, {0, 1, 2, 3, 9}} :
            new int[][] {{6, 4}, {6, 5}, {6, 4, 10}, {6}, {6, 4, 9}};
        final int[] members = shapes[random.nextInt(shapes.length)].clone();
        for (int i = members.length - 1; i > 0; i--)
        {
            final int other = random.nextInt(i + 1);
            final int swapped = members[i];
            members[i] = members[other];
            members[other] = swapped;
        }
        return members;
    }

    private void member(final String name, final int level)
    {
        if (random.nextInt(15) == 0)
        {
            value(3);
        }
        else if ("jsonrpc".equals(name))
        {
            write("\"2.0\"");
        }
        else if ("method".equals(name))
        {
            write(random.nextInt(10) == 0 ? "\"eth\\u005fcall\"" : "\"eth_subscription\"");
        }
        else if ("params".equals(name) && level == 1 && random.nextInt(3) != 0)
        {
            object(2);
        }
        else
        {
            value("id".equals(name) ? 0 : 3);
        }
    }

    private void colon()
    {
        white();
        write(":");
        white();
    }

    private void string()
    {
        write("\"");
        if (random.nextInt(10) == 0)
        {
            write("0123456789abcdef".repeat(random.nextInt(20)));
        }
        for (int i = random.nextInt(20); i > 0; i--)
        {
            switch (random.nextInt(12))
            {
                case 0:
                    write(ESCAPES[random.nextInt(ESCAPES.length)]);
                    break;
                case 1:
                    write(CHARACTERS[random.nextInt(CHARACTERS.length)]);
                    break;
                default:
                    write(String.valueOf((char)('a' + random.nextInt(26))));
                    break;
            }
        }
        write("\"");
    }

    private void number()
    {
        write(random.nextBoolean() ? NUMBERS[random.nextInt(NUMBERS.length)] : String.valueOf(random.nextInt()));
    }

    private void white()
    {
        if (random.nextInt(100) < whiteInPercent)
        {
            write(WHITE[random.nextInt(WHITE.length)]);
        }
    }

    private void write(final String text)
    {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
