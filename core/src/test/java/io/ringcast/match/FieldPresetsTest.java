package io.ringcast.match;

import io.ringcast.session.DeliveryOptions;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FieldPresetsTest
{
    @Test
    void shouldKnowThePresetsThatAQueryMayName() throws BadParams
    {
        for (final String preset : DeliveryOptions.FIELD_PRESETS)
        {
            assertTrue(FieldPresets.expand(List.of('@' + preset), true).contains("address"), preset);
            assertTrue(FieldPresets.expand(List.of('@' + preset), false).contains("number"), preset);
        }
        assertThrows(BadParams.class, () -> FieldPresets.expand(List.of("@web3"), true));
    }
}
