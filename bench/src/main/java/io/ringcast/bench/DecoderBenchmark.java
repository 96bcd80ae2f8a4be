package io.ringcast.bench;

import com.dslplatform.json.DslJson;
import com.dslplatform.json.JsonReader;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.ringcast.bench.fixture.PlainScanner;
import io.ringcast.bench.fixture.SampleTexts;
import io.ringcast.bench.fixture.VectorScanner;
import io.ringcast.frame.FrameDecoder;
import io.ringcast.frame.FrameView;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

import java.io.IOException;

/**
 * Step 2: where the parts of a text lie, and whether it is valid JSON at all.
 * Confined to the thread that measures.
 *
 * <p>{@link #ringcast()} is what the relay runs. The others are what it could run in its place, doing no more than to
 * walk over the members of the envelope: {@link #plain()} is a scanner as strict that looks at one byte at a time, in
 * place of eight within strings; {@link #vectors()} is that one with the CPU's vectors for strings;
 * {@link #dslJson()} is lenient (it takes invalid texts) and {@link #jackson()} strict.
 */
@Fork(value = 1, jvmArgsAppend = {
    "-Xms1g", "-Xmx1g", "--add-modules", "jdk.incubator.vector", "-Dio.netty.leakDetection.level=disabled"})
public class DecoderBenchmark extends RelayBenchmark
{
    /** Which text. */
    @Param({"call172", "log700", "head1800"})
    public String text;

    private final FrameDecoder decoder = new FrameDecoder();
    private final FrameView view = new FrameView();
    private final PlainScanner plainScanner = new PlainScanner();
    private final VectorScanner vectorScanner = new VectorScanner();
    private final JsonReader<Object> dslReader = new DslJson<Object>().newReader();
    private final JsonFactory jacksonFactory = new JsonFactory();
    private byte[] bytes;

    /** Picks the text. */
    @Setup
    public void setUp()
    {
        switch (text)
        {
            case "call172":
                bytes = SampleTexts.call();
                break;

            case "log700":
                bytes = SampleTexts.logNotification(1);
                break;

            default:
                bytes = SampleTexts.headNotification();
                break;
        }
    }

    /**
     * The relay's decoder.
     *
     * @return the view of the text.
     */
    @Benchmark
    public FrameView ringcast()
    {
        decoder.decode(bytes, 0, bytes.length, view);
        return view;
    }

    /**
     * A strict scanner of one byte at a time.
     *
     * @return where the text ends.
     */
    @Benchmark
    public int plain()
    {
        return plainScanner.scan(bytes, bytes.length);
    }

    /**
     * A strict scanner with vectors of 16 to 64 bytes for strings.
     *
     * @return where the text ends.
     */
    @Benchmark
    public int vectors()
    {
        return vectorScanner.scan(bytes, bytes.length);
    }

    /**
     * The reader of DSL-JSON: name by name, values skipped.
     *
     * @return where the text ends.
     * @throws IOException never.
     */
    @Benchmark
    public int dslJson() throws IOException
    {
        dslReader.process(bytes, bytes.length);
        dslReader.getNextToken();
        dslReader.getNextToken();
        int hashes = dslReader.fillName();
        dslReader.getNextToken();
        byte next = dslReader.skip();
        while (next == ',')
        {
            dslReader.getNextToken();
            hashes += dslReader.fillName();
            dslReader.getNextToken();
            next = dslReader.skip();
        }
        return hashes + dslReader.getCurrentIndex();
    }

    /**
     * The streaming parser of Jackson: name by name, values skipped.
     *
     * @return how many members the envelope has.
     * @throws IOException never.
     */
    @Benchmark
    public int jackson() throws IOException
    {
        int members = 0;
        try (JsonParser parser = jacksonFactory.createParser(bytes, 0, bytes.length))
        {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME)
            {
                members += parser.currentName().length();
                parser.nextToken();
                parser.skipChildren();
            }
        }
        return members;
    }
}
