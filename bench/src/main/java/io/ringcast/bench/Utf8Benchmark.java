package io.ringcast.bench;

import io.ringcast.bench.fixture.SampleTexts;
import io.ringcast.frame.Utf8Check;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

import java.nio.charset.StandardCharsets;

/**
 * Whether a text is UTF-8; only texts that are no JSON are asked.
 * Confined to the thread that measures.
 */
public class Utf8Benchmark extends RelayBenchmark
{
    private static final int MIXED_REPEATS = 60;

    /** A head is nothing but ASCII; the mixed text is half ASCII, half sequences of 2 to 4 bytes. */
    @Param({"head1800", "mixed1800"})
    public String text;

    private byte[] bytes;

    /** Picks the text. */
    @Setup
    public void setUp()
    {
        bytes = "head1800".equals(text) ? SampleTexts.headNotification() :
            "relay and subs \u00e9\u00df\u20ac\ud83d\ude00\u0416\u4e2d".repeat(MIXED_REPEATS)
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The whole text.
     *
     * @return true.
     */
    @Benchmark
    public boolean check()
    {
        return Utf8Check.isValid(bytes, 0, bytes.length);
    }
}
