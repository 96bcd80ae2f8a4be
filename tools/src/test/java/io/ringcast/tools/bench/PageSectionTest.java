package io.ringcast.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Confined to the test thread. */
final class PageSectionTest
{
    @Test
    void shouldReplaceItselfAndLeaveTheRest()
    {
        final String page = PageSection.TRANSPORTS.putInto(PageSection.BARS.putInto("# Page\n", "old"), "theirs");

        final String changed = PageSection.BARS.putInto(page, "new");

        assertEquals(page.replace("\nold\n", "\nnew\n"), changed);
        assertTrue(PageSection.TRANSPORTS.takeFrom(changed).contains("theirs"));
    }

    @Test
    void shouldBeEmptyWhenThePageDoesNotHaveIt()
    {
        assertEquals("", PageSection.BARS.takeFrom("# Page\n"));
    }
}
