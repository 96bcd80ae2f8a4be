package io.ringcast.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Confined to the test thread. */
final class CoreListTest
{
    @Test
    void shouldKeepTheOrderWhenReadAndSortItWhenShown()
    {
        final CoreList list = CoreList.parse("cores", "6, 2-4,0");

        assertEquals(List.of(6, 2, 3, 4, 0), list.cores());
        assertEquals("0,2-4,6", list.toString());
    }

    @Test
    void shouldBeEmptyWhenNothingIsNamed()
    {
        assertTrue(CoreList.parse("cores", " ").isEmpty());
        assertEquals("", CoreList.NONE.toString());
    }

    @Test
    void shouldLeaveOutWhatAnotherListHas()
    {
        assertEquals("0,3", CoreList.parse("cores", "0-3").without(CoreList.parse("cores", "1-2,9")).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "1-", "-1", "1,,2", "3-2", "4096", "1 2", "0-3,2"})
    void shouldRefuseWhenItIsNoListOfCores(final String text)
    {
        final ConfigException refused = assertThrows(ConfigException.class, () -> CoreList.parse("cores", text));

        assertEquals("cores", refused.name());
        assertEquals(text, refused.value());
    }
}
