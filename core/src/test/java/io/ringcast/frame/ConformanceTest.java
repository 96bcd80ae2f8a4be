package io.ringcast.frame;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Hand-written texts with their verdicts; the file says how a line is read. */
class ConformanceTest
{
    private final JsonScanner scanner = new JsonScanner();
    private final FrameDecoder decoder = new FrameDecoder();
    private final JacksonOracle oracle = new JacksonOracle();

    @TestFactory
    Stream<DynamicTest> shouldGiveTheVerdictOfTheCorpus() throws IOException
    {
        return lines().stream().map(line -> DynamicTest.dynamicTest(line, () -> check(line)));
    }

    private void check(final String line)
    {
        final boolean isValid = line.startsWith("valid ");
        final byte[] text = bytes(line.substring(line.indexOf(' ') + 1));

        final int end = scanner.skipValue(text, 0, text.length, 0);
        final FrameView view = new FrameView();
        decoder.decode(text, 0, text.length, view);

        assertEquals(isValid, end > 0 && JsonScanner.skipWhite(text, end, text.length) == text.length, "scanner");
        assertEquals(isValid, view.kind != FrameKind.INVALID_JSON, "decoder");
        assertEquals(isValid, oracle.parse(text) != null, "the corpus is wrong, says Jackson");
    }

    private static List<String> lines() throws IOException
    {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
            ConformanceTest.class.getResourceAsStream("conformance.txt"), StandardCharsets.US_ASCII)))
        {
            return reader.lines().filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .collect(Collectors.toList());
        }
    }

    private static byte[] bytes(final String text)
    {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++)
        {
            if (text.charAt(i) == '~')
            {
                out.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
                i += 2;
            }
            else
            {
                out.write(text.charAt(i));
            }
        }
        return out.toByteArray();
    }
}
