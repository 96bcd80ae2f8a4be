package io.ringcast.match;

import com.dslplatform.json.DslJson;
import com.dslplatform.json.JsonReader;
import com.dslplatform.json.ObjectConverter;
import io.ringcast.frame.FrameDecoder;
import io.ringcast.frame.FrameKind;
import io.ringcast.frame.FrameView;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Splits the params of a call, and reads the typed parts from an exact copy.
 * Confined to the pipeline thread that runs match.
 */
final class ParamsReader
{
    private final DslJson<Object> json = new DslJson<>();
    private final FrameDecoder decoder = new FrameDecoder();
    private final FrameView view = new FrameView();

    /**
     * Splits params into arguments.
     *
     * @param bytes  a text that the scanner has accepted.
     * @param offset where the params start, or ABSENT.
     * @param length their length in bytes.
     * @return each argument without white space, or null if the params are no array; they can be changed.
     */
    List<String> split(final byte[] bytes, final int offset, final int length)
    {
        final List<String> arguments = new ArrayList<>();
        if (offset == FrameView.ABSENT)
        {
            return arguments;
        }
        decoder.decode(bytes, offset, length, view);
        if (view.kind != FrameKind.BATCH)
        {
            return null;
        }
        for (int i = 0; i < view.elementCount; i++)
        {
            arguments.add(minify(bytes, view.elementOffsets[i], view.elementLengths[i]));
        }
        return arguments;
    }

    /** As {@link #split}, for a method that takes an array of so many arguments at most. */
    List<String> split(final byte[] bytes, final int offset, final int length, final int most) throws BadParams
    {
        final List<String> arguments = split(bytes, offset, length);
        if (arguments == null)
        {
            throw new BadParams("non-array args");
        }
        if (arguments.size() > most)
        {
            throw new BadParams("too many arguments, want at most " + most);
        }
        return arguments;
    }

    /** Reads an argument into maps, lists, strings and numbers. */
    Object read(final String argument) throws BadParams
    {
        try
        {
            final byte[] copy = argument.getBytes(StandardCharsets.UTF_8);
            final JsonReader<Object> reader = json.newReader(copy, copy.length);
            reader.getNextToken();
            return ObjectConverter.deserializeObject(reader);
        }
        catch (final IOException e)
        {
            throw new BadParams("invalid argument: " + e.getMessage());
        }
    }

    static String minify(final byte[] bytes, final int offset, final int length)
    {
        final byte[] minified = new byte[length];
        int size = 0;
        boolean isInString = false;
        for (int i = offset; i < offset + length; i++)
        {
            final byte value = bytes[i];
            if (isInString && value == '\\')
            {
                minified[size++] = value;
                minified[size++] = bytes[++i];
                continue;
            }
            isInString ^= value == '"';
            if (isInString || value > ' ' || value < 0)
            {
                minified[size++] = value;
            }
        }
        return new String(Arrays.copyOf(minified, size), StandardCharsets.UTF_8);
    }
}
