package io.ringcast.tools.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** Confined to the test thread. */
final class PercentilePlotTest
{
    private static Histogram histogram(final int count, final long stepNs)
    {
        final Histogram histogram = new Histogram(3);
        for (int i = 1; i <= count; i++)
        {
            histogram.recordValue(i * stepNs);
        }
        return histogram;
    }

    private static Document parse(final String svg) throws Exception
    {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    @Test
    void shouldDrawOneLineForEachSeriesWhenTheyHaveSamples() throws Exception
    {
        final String svg = new PercentilePlot("a < b & c", "conditions")
            .add("one", histogram(20_000, 10))
            .add("two", histogram(500, 90_000))
            .add("none", new Histogram(3))
            .toSvg();

        final Document document = parse(svg);
        assertEquals(2, document.getElementsByTagName("polyline").getLength());
        assertEquals("a < b & c", document.getElementsByTagName("text").item(0).getTextContent());
        assertTrue(svg.contains("99.99 %") && svg.contains("latency in µs (logarithmic)"), svg);
        assertFalse(svg.contains("NaN") || svg.contains(">none<"), svg);
    }

    @Test
    void shouldDrawAxesWhenThereIsNothingElse() throws Exception
    {
        final String svg = new PercentilePlot("empty", "").toSvg();

        assertEquals(0, parse(svg).getElementsByTagName("polyline").getLength());
        assertFalse(svg.contains("NaN") || svg.contains("Infinity"), svg);
    }

    @Test
    void shouldCoverTheValuesWhenTheAxisIsLinearOrLogarithmic()
    {
        final LatencyAxis linear = LatencyAxis.of(List.of(histogram(10, 10_000)));
        assertFalse(linear.isLogarithmic());
        assertEquals(0, linear.lowUs());
        assertEquals(100, linear.highUs(), 1);

        final LatencyAxis logarithmic = LatencyAxis.of(List.of(histogram(1000, 3_000)));
        assertTrue(logarithmic.isLogarithmic());
        assertEquals(2, logarithmic.lowUs(), 1e-9);
        assertEquals(5000, logarithmic.highUs(), 1e-9);
        assertEquals(0, logarithmic.share(0.1), 1e-9);
        assertEquals(1, logarithmic.share(5000), 1e-9);
    }
}
