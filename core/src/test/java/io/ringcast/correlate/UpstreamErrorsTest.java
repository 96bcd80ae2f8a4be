package io.ringcast.correlate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.correlate.UpstreamErrors.Verdict;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpstreamErrorsTest
{
    private final UpstreamErrors errors = new UpstreamErrors();

    /** The words behind a revert are a contract's own: nobody may set an upstream aside by them. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        {'code':3,'message':'execution reverted: rate limit exceeded','data':'0x08c379a0'}         ; ANSWER
        {'message':'execution reverted: too many requests','code':3}                              ; ANSWER
        {'code':-32000,'message':'execution reverted: already known'}                             ; ANSWER
        {'code':-32000,'message':'Execution Reverted: header not found'}                          ; ANSWER
        {'code':-32015,'message':'VM execution error.','data':'Reverted 0x08c379a0'}              ; ANSWER
        {'code':-32015,'message':'execution reverted'}                                            ; ANSWER
        {'code':-32015,'message':'gateway timeout'}                                               ; TROUBLE
        {'code':-32602,'message':'invalid argument'}                                              ; ANSWER
        {'code':-32005,'message':'no'}                                                            ; TROUBLE
        {'code':429,'message':'no'}                                                               ; TROUBLE
        {'code':-32000,'message':'Rate limit exceeded'}                                           ; TROUBLE
        {'code':-32000,'message':'header not found'}                                              ; LACKING
        {'code':-32000,'message':'already known'}                                                 ; KNOWN
        {'code':-32010,'message':'InsufficientFunds, Balance is less than gas limit'}             ; LACKING
        {'code':-32002,'message':'request timed out'}                                             ; LACKING
        {'code':-32002,'message':'execution reverted: request timed out'}                         ; ANSWER
        {'code':-32010,'message':'AlreadyKnown'}                                                  ; KNOWN
        {'code':-32000}                                                                           ; ANSWER
        'a string'                                                                                ; ANSWER
        null                                                                                      ; ANSWER
        """)
    void shouldTellTheUpstreamsTroubleFromTheAnswer(final String error, final Verdict verdict)
    {
        final byte[] bytes = error.replace('\'', '"').getBytes(StandardCharsets.US_ASCII);

        assertEquals(verdict, errors.verdict(bytes, 0, bytes.length));
    }
}
