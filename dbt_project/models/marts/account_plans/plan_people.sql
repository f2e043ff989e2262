with recursive
    partners as ({{ planned_partners() }}),

    -- owner of the account, of an open deal through the partner, of one of its contacts; who met it
    involved as (
        select partner, owner_person_id as person_id
        from {{ ref("partner_accounts") }}
        union
        select partner, person_id
        from {{ ref("partner_deal_owners") }}
        union
        select partner, owner_person_id
        from {{ ref("partner_contacts") }}
        union
        select partner, our_person_id
        from {{ ref("partner_meetings") }}
    ),

    ours as (
        select distinct involved.partner, chosen.*
        from involved
        inner join {{ ref("our_people") }} as people using (person_id)
        inner join {{ ref("our_people") }} as chosen on chosen.person_id = people.leading_id
    ),

    theirs as (
        select contacts.*, superiors.leading_id as superior_id
        from {{ ref("partner_contacts") }} as contacts
        left join
            {{ ref("partner_contacts") }} as superiors
            on superiors.partner = contacts.partner
            and superiors.person_id = contacts.reports_to_id
            and superiors.leading_id <> contacts.person_id
        where contacts.person_id = contacts.leading_id
    ),

    people as (
        select
            partner,
            'theirs' as side,
            person_id,
            connection || ':' || object as source,
            name,
            title,
            department,
            email,
            superior_id,
            on_date
        from theirs
        union all by name
        select
            partner,
            'ours' as side,
            person_id,
            connection || ':' || object as source,
            name,
            title,
            department,
            email,
            {{ as_of_date() }} as on_date
        from ours
    ),

    title_ranks as (
        select titles.title, arg_min(words.rank, row(- length(words.word), words.rank, words.word)) as rank
        from
            (select distinct title, {{ spaced_words("title") }} as spaced from people where title is not null) as titles
        inner join
            (select word, rank, {{ spaced_words("word") }} as spaced from {{ ref("title_ranks") }}) as words
            on contains(titles.spaced, words.spaced)
        group by titles.title
    ),

    ranked as (
        select people.*, coalesce(title_ranks.rank, 9) as rank
        from people
        inner join partners using (partner)
        left join title_ranks using (title)
    ),

    -- whoever stands below somebody without a superior; the others report in a circle
    in_line as (
        select partner, person_id
        from ranked
        where superior_id is null
        union
        select ranked.partner, ranked.person_id
        from ranked
        inner join in_line on in_line.partner = ranked.partner and in_line.person_id = ranked.superior_id
    )

select
    ranked.partner,
    ranked.side,
    ranked.person_id,
    ranked.name,
    ranked.title,
    ranked.department,
    ranked.email,
    ranked.rank,
    -- in a circle only who stands higher by the title is above
    case
        when in_line.person_id is not null or superiors.rank < ranked.rank then ranked.superior_id
    end as reports_to_id,
    ranked.source,
    coalesce(ranked.on_date, {{ as_of_date() }}) as on_date
from ranked
left join in_line using (partner, person_id)
left join ranked as superiors on superiors.partner = ranked.partner and superiors.person_id = ranked.superior_id
