package io.ringcast.bench;

import io.ringcast.bench.fixture.ReceivedTexts;
import io.ringcast.bench.fixture.SampleTexts;
import io.ringcast.config.LimitsConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.TimingConfig;
import io.ringcast.correlate.Correlator;
import io.ringcast.frame.FrameDecoder;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.metrics.CounterSet;
import io.ringcast.session.ActionList;
import io.ringcast.session.ClientRights;
import io.ringcast.session.SlotVerdicts;
import io.ringcast.session.ConnectionId;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.FailedForwards;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Step 4: a client's call gets an upstream request id, and the answer to it finds its caller.
 * Confined to the thread that measures.
 *
 * <p>The answer's text is made anew for each call, since it carries the id: the id is written in place and the text
 * decoded, which is part of the figure.
 */
public class CorrelateBenchmark extends RelayBenchmark
{
    private static final int ID_DIGITS = 18;

    /** How many other calls wait for an answer meanwhile. */
    @Param({"0", "1000"})
    public int outstanding;

    private final SlotVerdicts verdicts = new SlotVerdicts();
    private final ActionList<CorrelatedAction> out = new ActionList<>(CorrelatedAction::new);
    private final long connectionId = ConnectionId.of(1, 0);
    private final FrameDecoder decoder = new FrameDecoder();
    private Correlator correlator;
    private ReceivedFrame call;
    private ReceivedFrame response;
    private int idOffset;

    /** Brings the upstream up and lets the other calls wait. */
    @Setup
    public void setUp()
    {
        correlator = new Correlator(
            NetworkConfig.builder().upstream("ws://127.0.0.1:8546").build(), LimitsConfig.defaults(),
            TimingConfig.defaults(), new SplittableRandom(1), new FailedForwards(), new CounterSet());
        correlator.onUpstreamUp(0, 0, out);
        call = ReceivedTexts.decoded(SampleTexts.call());
        response = ReceivedTexts.decoded(SampleTexts.response("1".repeat(ID_DIGITS)));
        idOffset = response.view.idOffset;
        for (int i = 0; i < outstanding; i++)
        {
            // Of another method each, or they would join one another.
            final byte[] other = SampleTexts.ascii("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"other_" + i + "\"}");
            out.clear();
            correlator.onClientFrame(
                ConnectionId.of(2 + i, 0), ClientRights.ALL, verdicts, ReceivedTexts.decoded(other), 0, out);
        }
    }

    /**
     * One call, there and back.
     *
     * @return the address of the answer.
     */
    @Benchmark
    public CorrelatedAction openAndAnswer()
    {
        out.clear();
        correlator.onClientFrame(connectionId, ClientRights.ALL, verdicts, call, 0, out);
        writeId(out.get(0).upstreamRequestId);
        decoder.decode(response);
        out.clear();
        correlator.onUpstreamFrame(0, response, 0, out);
        return out.get(0);
    }

    /** JSON knows no leading zeros, so white space fills up behind the digits. */
    private void writeId(final long upstreamRequestId)
    {
        final byte[] bytes = response.bytes;
        Arrays.fill(bytes, idOffset, idOffset + ID_DIGITS, (byte)' ');
        int digits = 1;
        for (long rest = upstreamRequestId / 10; rest > 0; rest /= 10)
        {
            digits++;
        }
        long left = upstreamRequestId;
        for (int at = idOffset + digits - 1; at >= idOffset; at--)
        {
            bytes[at] = (byte)('0' + left % 10);
            left /= 10;
        }
    }
}
