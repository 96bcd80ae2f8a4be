package io.ringcast.pipeline;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** A text that comes in several reads: {@code rx} is when the first of them was, for whom it is told and whenever. */
class SlowTextTest
{
    private static final String STAMPED = ",{\"relay\":{\"stamps\":true%s}}";

    /** The replay that the closing of a recorded relay makes has to write the same bytes. */
    @Test
    void shouldStampEverybodysItemWithTheTimeOfItsFirstRead()
    {
        try (FakeRelay relay = FakeRelay.recorded(RelayConfig.builder(), NetworkConfig.builder()))
        {
            final FakeOutlet live = ResumeTest.subscribe(relay, String.format(STAMPED, ""));
            final FakeOutlet ordered = ResumeTest.ask(relay, String.format(STAMPED, ",\"order\":\"block\""));
            relay.pongs(ordered);
            relay.run();
            relay.tick(40_000_000);
            relay.run();
            relay.nodeSays(ResumeTest.head(1));
            relay.run();
            relay.nodeSaysSlowly(relay.nowNs - 30_000_000, ResumeTest.head(2));
            relay.run();
            relay.nodeSays(ResumeTest.head(3));
            relay.run();

            final List<Long> times = times(live);
            assertEquals(List.of(times.get(0), times.get(0) - 30_000_000, times.get(0)), times);
            assertEquals(times, times(ordered));
            final FakeOutlet late = ResumeTest.ask(relay, String.format(
                STAMPED, ",\"resume\":{\"e\":\"" + relay.parts.epoch() + "\",\"q\":1}"));
            relay.pongs(late);
            relay.run();
            assertEquals(times.subList(1, 3), times(late));
        }
    }

    private static List<Long> times(final FakeOutlet client)
    {
        return Stream.generate(client.received::poll).takeWhile(text -> text != null)
            .filter(text -> text.contains("\"rx\""))
            .map(text -> Long.valueOf(text.replaceAll(".*\"rx\":\"(\\d+)\".*", "$1")))
            .toList();
    }
}
