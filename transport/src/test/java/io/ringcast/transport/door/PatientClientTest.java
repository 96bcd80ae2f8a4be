package io.ringcast.transport.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.ringcast.config.LimitsConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.egress.Outlet;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.ConnectionWish;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.EgressAction;
import io.ringcast.transport.loop.BareNetwork;
import io.ringcast.transport.loop.NetworkLoop;
import io.ringcast.transport.loop.NetworkRelay;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.concurrent.TimeUnit;

/**
 * A client that may wait has more unsent than others may, and then nothing of it can wait any more.
 * Confined to the test thread, which is the I/O loop.
 */
@ParameterizedClass
@ValueSource(booleans = {false, true})
class PatientClientTest
{
    private static final int BUDGET_BYTES = 8_192;
    private static final int HEADER_BYTES = 4;
    private static final int PATIENT_TOPIC = 1;
    private static final int OTHER_TOPIC = 2;
    private static final RelayConfig CONFIG = RelayConfig.builder()
        .ringSlots(64)
        .limits(LimitsConfig.builder().writeBufferBytes(BUDGET_BYTES).build())
        .network(NetworkConfig.builder().upstream("ws://127.0.0.1:1"))
        .build();

    @Parameter
    private boolean isIpc;
    private final StalledChannel channel = new StalledChannel();
    private final NetworkRelay network = BareNetwork.of(CONFIG, channel.eventLoop());
    private final NetworkLoop loop = network.loops()[0];
    private final MemoryBudget unfinished = new MemoryBudget(1 << 20);
    private final MemoryBudget unsent = new MemoryBudget(1 << 20);
    private final ByteBuf chunk = Unpooled.directBuffer(1 << 18).writeZero(1 << 18);
    private final ActionList<EgressAction> actions = new ActionList<>(EgressAction::new);
    private Outlet outlet;
    private long nowNs;

    @BeforeEach
    void connect()
    {
        final ChannelHandler connection = isIpc ?
            new IpcClientConnection(loop, CONFIG.limits(), unfinished, unsent) :
            new ClientConnection(
                loop, CONFIG.limits(), CONFIG.timing(), unfinished, unsent, null, ConnectionWish.NOTHING,
                Admission.granted(ClientKey.ALL), false);
        channel.pipeline().addLast(connection);
        outlet = loop.egress().connections().get(0);
        open(PATIENT_TOPIC, true);
    }

    @AfterEach
    void close()
    {
        channel.isStalled = false;
        channel.finishAndReleaseAll();
        network.closePipeline();
        assertEquals(1, chunk.refCnt());
        chunk.release();
        assertEquals(0, unsent.usedBytes());
        assertEquals(0, CounterSet.sum(network.counters(), RelayCounter.EGRESS_FAILURES));
    }

    @Test
    void shouldStayGivenThatItUnsubscribesWhileMoreWaitsThanOthersMayLeave()
    {
        fillUp();

        shut(PATIENT_TOPIC);
        answer(100);
        outlet.onTick(nowNs);

        assertStays();
    }

    /** What it was let have and what it left are of the same batch. */
    @Test
    void shouldStayGivenThatItUnsubscribesBeforeTheFlush()
    {
        fanOut(PATIENT_TOPIC, BUDGET_BYTES);
        noteShut(PATIENT_TOPIC);
        act();

        assertTrue(unsent.usedBytes() > BUDGET_BYTES);
        assertStays();
    }

    @Test
    void shouldJudgeItByWhatComesAfterGivenASubscriptionThatCanNotWait()
    {
        fillUp();

        open(OTHER_TOPIC, false);
        fanOut(OTHER_TOPIC, BUDGET_BYTES / 4);
        act();

        assertStays();
        for (int bytes = 0; bytes <= SocketOutlet.PATIENT_BYTES + BUDGET_BYTES; bytes += BUDGET_BYTES)
        {
            fanOut(OTHER_TOPIC, BUDGET_BYTES);
            act();
        }
        assertEquals(1, count(RelayCounter.CLOSED_SLOW));
    }

    @Test
    void shouldJudgeItLikeOthersOnceItHasTakenWhatItWasAllowed()
    {
        fillUp();
        shut(PATIENT_TOPIC);
        channel.isStalled = false;
        channel.flush();
        outlet.onTick(nowNs);
        assertEquals(0, unsent.usedBytes());
        channel.isStalled = true;

        open(OTHER_TOPIC, false);
        fanOut(OTHER_TOPIC, BUDGET_BYTES / 2);
        act();
        assertStays();
        fanOut(OTHER_TOPIC, BUDGET_BYTES);
        act();

        assertEquals(1, count(RelayCounter.CLOSED_SLOW));
    }

    private void fillUp()
    {
        while (count(RelayCounter.LAGS_BEGUN) == 0)
        {
            fanOut(PATIENT_TOPIC, 20_000);
            act();
        }
        assertTrue(unsent.usedBytes() > 2 * BUDGET_BYTES);
        assertStays();
    }

    private void assertStays()
    {
        assertEquals(0, count(RelayCounter.CLOSED_SLOW));
        assertEquals(1, loop.egress().connectionCount());
    }

    /** Behind its barrier. */
    private void open(final int topicId, final boolean isPatient)
    {
        final EgressAction action = action(EgressAction.Kind.OPEN, topicId);
        action.options = DeliveryOptions.PLAIN;
        action.isPatient = isPatient;
        act();
        nowNs += TimeUnit.MILLISECONDS.toNanos(CONFIG.timing().activationFallbackMs() + 1);
        loop.egress().onTick(nowNs);
    }

    private void shut(final int topicId)
    {
        noteShut(topicId);
        act();
    }

    private void noteShut(final int topicId)
    {
        action(EgressAction.Kind.SHUT, topicId);
    }

    private void answer(final int bytes)
    {
        frame(action(EgressAction.Kind.WRITE, 0), bytes);
        act();
    }

    private void fanOut(final int topicId, final int bytes)
    {
        frame(action(EgressAction.Kind.FAN_OUT, topicId), bytes);
    }

    private EgressAction action(final EgressAction.Kind kind, final int topicId)
    {
        final EgressAction action = actions.add();
        action.kind = kind;
        action.connectionId = outlet.connectionId();
        action.topicId = topicId;
        return action;
    }

    /** An unmasked text of so many bytes. */
    private void frame(final EgressAction action, final int bytes)
    {
        chunk.setByte(0, 0x81).setByte(1, 126).setShort(2, bytes);
        action.chunk = chunk;
        action.offset = 0;
        action.length = bytes + HEADER_BYTES;
    }

    private void act()
    {
        loop.egress().onActions(actions, nowNs, failure ->
        {
            throw new AssertionError(failure);
        });
        actions.clear();
        loop.egress().endBatch();
    }

    private long count(final RelayCounter counter)
    {
        return CounterSet.sum(network.counters(), counter);
    }
}
