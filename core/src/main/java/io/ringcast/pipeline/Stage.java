package io.ringcast.pipeline;

import com.lmax.disruptor.EventHandler;

/**
 * One stage: fills its own group of a slot's fields.
 * Confined to the pipeline thread that runs it.
 */
interface Stage extends EventHandler<RelayEvent>
{
    /** Empties the stage's fields, so that a fault can't leave what an earlier use of the slot put there. */
    void begin(RelayEvent event, long sequence);

    /**
     * Called when the stage has thrown. What it did before stands; whoever would now wait for ever is answered.
     *
     * @param event the slot.
     */
    void recover(RelayEvent event);
}
