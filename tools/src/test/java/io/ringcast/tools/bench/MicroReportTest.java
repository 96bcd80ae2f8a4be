package io.ringcast.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.bench.MicroForm;
import io.ringcast.bench.MicroRow;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Confined to the test thread. */
final class MicroReportTest
{
    private final MicroReport report = new MicroReport(List.of(
        new MicroRow("DecoderBenchmark.ringcast", "text=call172", 119.4, 7.24, 101, 1.5, 0.01),
        new MicroRow("EncoderBenchmark.reply", "", 61.04, Double.NaN, Double.NaN, Double.NaN, 24)), MicroForm.SHORT);

    @Test
    void shouldAlignTheColumnsWhenPrintedToATerminal()
    {
        final List<String> lines = report.table().lines().toList();

        assertEquals(List.of(
            "benchmark                  parameters    ns/op  error  CPU ns/op  error  B/op",
            "DecoderBenchmark.ringcast  text=call172    119    7.2        101    1.5     0",
            "EncoderBenchmark.reply                    61.0      ?          ?      ?  24.0"), lines);
    }

    @Test
    void shouldTellTheConditionsWhenWrittenAsAPage()
    {
        final String page = report.markdown();

        assertTrue(page.contains("| DecoderBenchmark.ringcast | text=call172 | 119 | 7.2 | 101 | 1.5 | 0 |\n"), page);
        assertTrue(page.contains("| EncoderBenchmark.reply | | 61.0 | ? | ? | ? | 24.0 |\n"), page);
        assertTrue(page.contains("1 fork, 4 x 500 ms warm-up, 10 x 300 ms"), page);
        assertTrue(page.contains(System.getProperty("java.vm.version")), page);
    }
}
