with
    claims as (
        select
            record_id as introduction_id,
            record_id,
            party as partner,
            'file' as origin,
            direction_word,
            status_word,
            outcome_word,
            requested_on,
            accepted_on,
            met_on,
            closed_on,
            amount,
            owner_name,
            note
        from {{ ref("file_records") }}
        where object = 'introduction'
        union all
        select
            claim_id,
            record_id,
            partner,
            'crm_object',
            fold_text(direction_word),
            fold_text(status_word),
            null,
            requested_on,
            accepted_on,
            met_on,
            closed_on,
            amount,
            owner_name,
            note
        from {{ ref("crm_claims") }}
        where kind = 'introduction' and fault is null
    ),

    words as ({{ claim_words() }})

select
    claims.introduction_id,
    claims.record_id,
    claims.partner,
    case
        when directions.meaning in ('to_us', 'to_partner')
        then directions.meaning
        when directions.meaning = 'receives' and claims.origin = 'file'
        then 'to_partner'
        when directions.meaning = 'gives' and claims.origin = 'crm_object'
        then 'to_partner'
        else 'to_us'
    end as direction,
    coalesce(
        outcomes.meaning,
        statuses.meaning,
        case when claims.met_on is not null then 'met' when claims.accepted_on is not null then 'accepted' end,
        'requested'
    ) as status,
    claims.requested_on,
    claims.accepted_on,
    claims.met_on,
    claims.closed_on,
    claims.amount,
    claims.owner_name,
    claims.note,
    claims.origin
from claims
left join words as directions on directions.kind = 'introduction_direction' and directions.word = claims.direction_word
left join words as statuses on statuses.kind = 'introduction_status' and statuses.word = claims.status_word
left join words as outcomes on outcomes.kind = 'introduction_status' and outcomes.word = claims.outcome_word
