package io.ringcast.frame;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A second opinion on a text: Jackson's streaming parser says whether it is JSON and where its members lie.
 * Confined to the test's thread.
 *
 * <p>Four known differences are settled before Jackson is asked: it takes overlong UTF-8 and surrogates, it guesses
 * UTF-16 and UTF-32 from zero bytes, it skips a byte order mark, and it refuses a lone surrogate escape in a name.
 */
final class JacksonOracle
{
    /** One value: where it lies, what it starts with, and, down to the third level, what it holds. */
    static final class Node
    {
        /** The name token's content, undecoded; null for an element. */
        String name;
        JsonToken first;
        int offset;
        int end;
        final List<Node> children = new ArrayList<>();
    }

    private final JsonFactory factory = JsonFactory.builder()
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
        .streamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(Integer.MAX_VALUE)
            .maxNumberLength(Integer.MAX_VALUE)
            .maxStringLength(Integer.MAX_VALUE)
            .maxNameLength(Integer.MAX_VALUE)
            .build())
        .build();

    /** The root value, or null if the text is not JSON or is nested deeper than the scanner allows. */
    Node parse(final byte[] text)
    {
        if (!isUtf8(text) || startsWithByteOrderMark(text) || holdsZero(text))
        {
            return null;
        }
        try (JsonParser parser = factory.createParser(withoutSurrogateEscapes(text)))
        {
            if (parser.nextToken() == null)
            {
                return null;
            }
            final Node root = node(parser, text, 0);
            return parser.nextToken() == null ? root : null;
        }
        catch (final IOException notJson)
        {
            return null;
        }
    }

    static boolean isUtf8(final byte[] text)
    {
        try
        {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
            return true;
        }
        catch (final CharacterCodingException invalid)
        {
            return false;
        }
    }

    private static Node node(final JsonParser parser, final byte[] text, final int openLevels) throws IOException
    {
        final Node node = new Node();
        node.first = parser.currentToken();
        node.offset = (int)parser.currentTokenLocation().getByteOffset();
        if (!node.first.isStructStart())
        {
            final String scalar = parser.getText();
            node.end = node.first == JsonToken.VALUE_STRING ?
                stringEnd(text, node.offset) : node.offset + scalar.length();
            return node;
        }
        if (openLevels == JsonScanner.MAX_DEPTH_LEVELS)
        {
            throw new IOException("nested too deeply");
        }
        while (!parser.nextToken().isStructEnd())
        {
            String name = null;
            if (parser.currentToken() == JsonToken.FIELD_NAME)
            {
                final int quote = (int)parser.currentTokenLocation().getByteOffset();
                name = new String(text, quote + 1, stringEnd(text, quote) - quote - 2, StandardCharsets.UTF_8);
                parser.nextToken();
            }
            final Node child = node(parser, text, openLevels + 1);
            child.name = name;
            node.children.add(child);
        }
        node.end = (int)parser.currentLocation().getByteOffset();
        return node;
    }

    private static int stringEnd(final byte[] text, final int quote)
    {
        int at = quote + 1;
        while (text[at] != '"')
        {
            at += text[at] == '\\' ? 2 : 1;
        }
        return at + 1;
    }

    /** A hexadecimal digit for another: the grammar sees no difference. */
    private static byte[] withoutSurrogateEscapes(final byte[] text)
    {
        final byte[] plain = text.clone();
        for (int at = 3; at < plain.length; at++)
        {
            final boolean isSurrogate = plain[at - 3] == '\\' && plain[at - 2] == 'u' &&
                (plain[at - 1] | 0x20) == 'd' && Character.digit(plain[at], 16) >= 8;
            plain[at - 1] = isSurrogate ? (byte)'1' : plain[at - 1];
        }
        return plain;
    }

    private static boolean startsWithByteOrderMark(final byte[] text)
    {
        return text.length >= 3 && text[0] == (byte)0xEF && text[1] == (byte)0xBB && text[2] == (byte)0xBF;
    }

    private static boolean holdsZero(final byte[] text)
    {
        for (final byte value : text)
        {
            if (value == 0)
            {
                return true;
            }
        }
        return false;
    }
}
