"""Forms of sentences that attack, each with its score. On lower-case text, groups of people as `<GROUP>`.

The kinds of attack follow the taxonomy of HateCheck (https://aclanthology.org/2021.acl-long.4): derogation, threats,
dehumanisation, denial of rights, calls for exclusion. A space stands for any white space, `<NAME>` for a part of
`grammar.py`. One line says one thing; a form is worth adding when it holds for words nobody has listed.
"""

Form = tuple[float, str]

ON_GROUPS: tuple[Form, ...] = (
    # feelings
    (0.93, r"\b(?:i|we|everyone|everybody) (?:\w+ ){0,2}?<HATE> (?:\w+ ){0,7}?<ANY><GROUP>\b"),
    (0.9, r"\b<GROUP> (?:\w+ )?(?:disgusts?|sickens?|repulses?|appals?) (?:me|us)\b"),
    (0.9, r"\b<GROUP> (?:\w+ )?makes? (?:me|us) (?:sick|want to|puke|vomit)\b"),
    (0.9, r"\b(?:disgusts?|sickens?|repulses?|annoys?) (?:me|us) (?:more|as much) (?:than|as) <ANY><GROUP>\b"),
    (0.9, r"\b(?:contempt|hatred|hate|disgust|disdain|loathing|rage|blood boils?) (?:for|of|towards?|when(?:ever)?|if) "
          r"(?:\w+ ){0,4}?<GROUP>\b"),
    (0.9, r"\b<GROUP> (?:are|is) (?:\w+ ){0,4}?(?:i|we) (?:\w+ )?(?:hate|despise|detest|loathe|can'?t stand)\b"),
    (0.9, r"\b(?:fuck|screw|death to|down with|to hell with) <ANY><GROUP>\b"),
    # derogation and dehumanisation
    (0.93, r"(?<!no\s)\b<GROUP> (?:who \w+ )?(?:are|is|r|were|aren't anything but) <VERY><VILE>\b"),
    (0.93, r"(?<!no\s)\b<GROUP> (?:are|is|act|look|behave|live|smell|breed|multiply|spread) <VERY>(?:no|little|not) "
           r"(?:like|better than|worse than|lower than|more than|the same as|equal to) (?:\w+ )?<VILE>\b"),
    (0.9, r"\b<GROUP> (?:\w+ )?(?:breed|multiply|spread|infest|invade|stink|reek|ruin(?:s|ed)?|destroy|leech)\b"),
    (0.9, r"\b(?:overrun|infested|invaded|flooded|swamped|poisoned|plagued|replaced) (?:by|with) <ANY><GROUP>\b"),
    (0.9, r"\b(?:see|view|regard|treat|think of|consider) <ANY><GROUP> as (?:\w+ )?<VILE>\b"),
    (0.88, r"\b<GROUP> (?:have|has) the (?:iq|brains?|intelligence|morals|manners|mind) of\b"),
    (0.93, r"\b<GROUP> (?:are|is)(?: not|n'?t| barely| hardly| never) (?:\w+ ){0,2}(?:humans?|people|person|equal)\b"),
    (0.88, r"\b<GROUP> (?:have|has) (?:no|zero) (?:\w+ )?(?:brains?|souls?|rights?|place|morals?|business|shame|dignity|"
           r"honou?r|intelligence|value|worth)\b"),
    (0.88, r"\b<GROUP> (?:all |only |just |will |always |ever ){1,3}(?:(?:know how to|want to|care about|think about|do) "
           r"(?:is )?)?(?:lie|lying|steal|stealing|cheat|kill|rape|beg|complain|whine|ruin|destroy|money|sex)\b"),
    (0.88, r"\bwhy (?:are|is) <ANY><GROUP> (?:\w+ )?(?:so )?<VILE>\b"),
    (0.9, r"\byou'?(?:re| are|r)? (?:\w+ ){0,3}(?:filthy|dirty|disgusting|stupid|ugly|fucking|worthless|pathetic|"
          r"inferior) <GROUP>\b"),
    (0.88, r"\b<GROUP>[^.!?\n]{0,25}\b(?:those|these|such|bunch of|nothing but|what a) (?:\w+ )?<VILE>\b"),
    (0.85, r"\b<GROUP>\b[^!?]{0,60}[.!] (?:what (?:a|an)|such (?:a|an)|filthy|dirty|disgusting) (?:\w+ )?<VILE>\b"),
    (0.85, r"\b<GROUP>\b[^!?]{0,90}[.!,] (?:\w+ ){0,2}(?:they|these people|he|she)(?:'re| are| is) <VERY><VILE>\b"),
    # praise denied
    (0.88, r"\b<GROUP> (?:are|is|were|will|can|could|would)(?: not|n'?t| never|not) (?:ever |even |just ){0,2}(?:be |as )?"
           r"(?:worth|worthy|equal|smart|intelligent|clean|good|able|capable|fit|civili[sz]ed|trustworthy|honest|"
           r"trusted|normal|natural|real|true|proper|decent|welcome|wanted|respected|loved|like (?:us|you)|as (?:good|smart|clever))\b"),
    (0.88, r"\bno <GROUP> (?:has|have|is|are|was|were|can|could|will|would|deserves?|should) (?:ever )?(?:to )?(?:\w+ )"
           r"{0,2}?(?:good|smart|intelligent|live|exist|vote|human|trusted|respect(?:ed)?|love[d]?|welcome|allowed|worth|"
           r"contributed|achieved|anything|equal|happy|free)\b"),
    (0.85, r"\bnot (?:a single|even|any) one of <ANY><GROUP> (?:is|are|has|have|can|could|deserves?|should)\b"),
    (0.88, r"\b<GROUP> (?:are|is) nothing like\b"),
    (0.85, r"\bnever (?:ever )?(?:met|seen|known|heard of) <GROUP> (?:who|that|which|with|worth)\b"),
    (0.85, r"\b(?:can'?t|cannot|could never) (?:imagine|believe) (?:how |that |why )?<GROUP> (?:could|can|would|is|are)\b"),
    # rights denied, exclusion
    (0.93, r"\b<GROUP> (?:do not|don'?t|does not|doesn'?t|never) (?:\w+ )?(?:deserve|belong|contribute|matter|have souls?)"
           r"\b(?! to (?:die|be (?:hurt|killed|attacked|treated|insulted|called|blamed|beaten|punished)|suffer))"),
    (0.93, r"\b<GROUP> (?:should ?n[o']?t|should not|should never|must not|must never|cannot|can'?t) (?:ever )?"
           r"(?:be (?:allowed|permitted|trusted|given|tolerated|here|in)|have (?:rights|the right|a vote|"
           r"children|kids)|vote|exist|live|breed|reproduce|breathe)\b"),
    (0.88, r"\b(?:never|not|n'?t|stop|why (?:do|should|would|must) (?:we|you|they|anyone|people)) (?:\w+ ){0,2}?"
           r"(?:let|letting|allow|allowing|tolerate|put up with|accept|accepting|trust|trusting|<SHUN>) <ANY><GROUP>\b"),
    (0.88, r"\b(?:who|how) (?:would|could|can|does|should) (?:\w+ ){0,3}?(?:touch|hire|love|date|marry|trust|kiss|want|"
           r"respect|like|live with) <ANY><GROUP>\b"),
    (0.9, r"\b(?:world|country|nation|society|place|planet|city|town|we|life) (?:would|will|'d|'ll) be (?:so )?(?:much |far )?"
          r"(?:better(?: off)?|cleaner|safer|nicer) (?:\w+ ){0,2}(?:without|if) <ANY><GROUP>\b"),
    (0.88, r"\bno (?:more )?<GROUP>(?: (?:allowed|should be allowed|(?:in|at|on) (?:my|our|this|the))|\s*[.!]|$)"),
    (0.88, r"\b(?:we|i|they|people|you) (?:do not|don'?t|won'?t|never) (?:\w+ )?(?:want|need|serve|accept|like|trust|hire) "
           r"<ANY><GROUP>(?: (?:here|in|near|around|at|living|moving|as)\b|\s*[.!]|$)"),
    (0.88, r"\bwho (?:\w+ )?(?:let|invited|allowed) <ANY><GROUP> (?:in|into|here|to)\b"),
    (0.88, r"\bno (?:place|room|space) for <ANY><GROUP>\b"),
    (0.9, r"\b(?:send|ship|throw|kick|drive|chase|keep|get) <ANY><GROUP> (?:back|out|away|home|off)\b"),
    (0.9, r"\b<GROUP> (?:all )?belongs? in (?:an? |the )?(?:cages?|zoo|prison|jail|kitchen|ovens?|asylum|grave|gutter|"
          r"trash|hell|camps?)\b"),
    (0.88, r"\b(?:nobody|no one|no-one) (?:likes|wants|loves|respects|needs|cares about) <ANY><GROUP>\b"),
    (0.85, r"\b(?:too|so) many <GROUP>\b[^?]{0,40}\b(?:send|ship|throw|kick|get rid|out|back|deport)\b"),
    # violence
    (0.95, r"(?<!no\s)\b<GROUP> (?:\w+ly )?(?:all )?<MUST> (?:all )?<HARMED>\b"),
    (0.93, r"\b<GROUP> (?:will|shall|are going to|is going to|are gonna) (?:all |soon ){0,2}(?:pay|die|burn|bleed|be "
           r"(?:\w+ )?(?:wiped|killed|shot|hanged|burned|gassed|removed|exterminated|punished))\b"),
    (0.93, r"(?:^|[.!?;]\s*)(?:just |please )?<HARM> (?:up )?<ANY><GROUP>\b"),
    (0.95, r"(?:^|[.!?;,]\s*|\b(?:let'?s|lets|we|i|you|they|someone|somebody|to|should|must|will|gonna|would|just|and"
           r"|please|time|finally) )(?:\w+ )?<REMOVE> <ANY><GROUP>\b"),
    (0.93, r"\btime (?:that )?(?:someone|somebody|we|they) (?:\w+ )?(?:killed|shot|exterminated|deported|hanged|gassed|"
           r"banned|got rid of|wiped out|eradicated|removed|lynched|slaughtered) <ANY><GROUP>\b"),
    (0.93, r"\b(?:i|we|i'll|we'll|gonna|going to|want to|wanna) (?:\w+ ){0,3}(?:<HARM>|come for|go after|beat up) (?:\w+ )"
           r"{0,2}?<GROUP>\b"),
    (0.93, r"\b(?:if|when(?:ever)?|next time) i (?:see|meet|find|catch) (?:\w+ )?<GROUP>\b[^.!?\n]{0,40}\b<HARM>\b"),
    (0.9, r"\b(?:i|we|would|'d) (?:\w+ ){0,3}(?:want|wish|hope|love|like) (?:to see )?<ANY><GROUP> (?:would |to )?"
          r"(?:just |all )?(?:dead|die|suffer|burn|gone|disappear|hurt|killed|leave|rot|choke)\b"),
    (0.88, r"\b(?:put <ANY><GROUP> (?:back )?in|<GROUP> (?:\w+ ){0,3}(?:know|learn|remember|stay in)) (?:their|her|his) "
           r"place\b"),
    (0.88, r"\b<GROUP> (?:\w+ ){0,2}(?:be )?taught a (?:\w+ )?lesson\b"),
    (0.9, r"\b<GROUP>\b[^!?]{0,60}[.!] (?:\w+ )?(?:send|ship|throw|kick|get|<REMOVE>|i (?:hate|want|would|will)) "
          r"(?:rid of )?(?:them|these people)\b"),
)  # fmt: skip

THREATS: tuple[Form, ...] = (
    (0.95, r"\b(?:i|we|ima|imma|i'?m|i'?ll|we'?ll) (?:am |are )?(?:(?:will|shall|gonna|going to|want to|wanna|would love"
           r" to|wish i could|swear|promise|to|finna|about to|hope someone|come and|come|find and|fucking|really|just|"
           r"hunt you down and) ){1,6}<HARM> (?:\w+ ){0,2}?(?:<YOU>|<THEM>|every|all of)\b(?! (?:some|a slice|slack|deal))"),
    (0.95, r"\bi'?ll (?:fucking |come and |just |find and )?<HARM> (?:<YOU>|<THEM>)\b(?! (?:some|a slice|slack|deal))"),
    (0.95, r"(?<!could\s)(?<!might\s)(?<!may\s)(?<!n't\s)\b(?:kill|hang|drown|shoot|neck) (?:yourself|urself|ur self|"
           r"yourselves)\b"),
    (0.9, r"\b(?:hope|wish|pray|may) (?:that )?(?:<YOU>|<THEM>|he|she|your \w+) (?:all |both )?(?:\w+ )?(?:dies?|suffers?|"
          r"burns?|rots?|gets? (?:cancer|killed|raped|hit|shot|aids|hurt|beaten|sick)|chokes?|drowns?|bleeds?|"
          r"(?:was|were) dead|(?:was|were) never born|never wakes? up)\b"),
    (0.9, r"\b(?:you|u|they|he|she|these people|those people|people like (?:you|them|that)|(?:his|your|their) kind"
          r"|you people) (?:all |really |both )*<MUST> (?:all |just )?(?!leave|go home|go away|get out|be removed|be "
          r"banned|be punished|get lost|disappear)<HARMED>\b"),
    (0.9, r"\b(?:go (?:and )?die|drop dead|rot in hell|burn in hell|go to hell|watch your back|you(?:'?re| are) (?:a )?"
          r"dead(?: man| meat)?|i know where you live|beat the (?:shit|crap|hell) out of|jump off a (?:bridge|cliff|roof)|"
          r"play in traffic|drink bleach|(?:line|lined) (?:them|you|up)(?: all)?(?: up)? against (?:a|the) wall)\b"),
    (0.88, r"\b(?:someone|somebody) (?:should|needs to|please|ought to|must|has to|better) (?:\w+ )?<HARM> (?:\w+ )?"
           r"(?:<YOU>|<THEM>)\b"),
    (0.85, r"\b(?:love|like|want|pay|hope) to (?:see|watch) (?:\w+ ){0,3}(?:get )?(?:punched|killed|shot|beaten|hanged|hurt"
           r"|raped|suffer|die|bleed|burn|choke|drown)\b(?! (?:of|from) laugh)"),
)  # fmt: skip

INSULTS: tuple[Form, ...] = (
    (0.9, r"\b(?:they|them|these people|those people|(?:his|their|your) kind|you people|you lot)(?:'re| are| is| r) "
          r"(?:\w+ ){0,3}(?:vermin|sub-?human|parasites|cockroaches|savages|scum|filth|animals|apes|inferior|rats|"
          r"maggots|a plague|a cancer|a disease|trash|garbage)\b"),
    (0.88, r"\b(?:you|u|ur|youre|you're|you are) (?:are |r |all )?<VERY>(?:scum(?:bag)?|trash|garbage|filth|disgusting|"
           r"worthless|pathetic|idiots?|morons?|imbeciles?|stupid|dumb|ugly|useless|brainless|braindead|retard(?:ed)?|"
           r"loser|pig|clown|coward|creep|freak|parasite|waste of (?:space|air|oxygen|skin)|disgrace|joke|cunt|bitch|"
           r"repulsive|dumbest|failure|embarrassment|piece of \w+|fool|liar|hypocrite|fraud|psycho|lunatic|delusional|"
           r"monster|slob|gross|vile|evil)\b"),
    (0.85, r"\b(?:he|she|he's|she's|(?:this|that|the) (?:\w+ )?(?:guy|dude|man|woman|girl|lady|kid|bloke|chick|person))"
           r"(?:'s| is| was|) <VERY>(?:scum(?:bag)?|trash|filth|disgusting|worthless|pathetic|idiot|moron|imbecile|stupid|"
           r"dumb|ugly|useless|brainless|loser|pig|clown|coward|creep|freak|parasite|waste of \w+|fool|liar|fraud|psycho|"
           r"slob|slut|whore|tool|cheat|traitor|racist|spineless)\b"),
    (0.88, r"\b(?:fuck <YOU>|(?:fuck|piss|bugger|sod) off)\b"),
    (0.8, r"\b(?:shut (?:the \w+ )?up|shut your|(?:nobody|no one) (?:likes|loves|cares about|asked|cares what) you|get a "
          r"life|get lost|what an? (?:complete |total |absolute |fucking |bloody |fat )?(?:idiot|moron|loser|clown|"
          r"disgrace|pos|fool|pig|jerk|creep|scumbag)|kiss my ass|suck my|screw you|(?<!\w\s)f u(?! \w )|up yours|eat (?:shit|a \w+ ?of "
          r"dicks|a dick)|(?:are|r) you (?:\w+ )?(?:stupid|dumb|retarded|braindead|brain dead)|how (?:stupid|dumb) (?:are|"
          r"can) you)\b"),
    (0.75, r"\b(?:go back to (?:where (?:you|they|he|she) came from|(?:your|their) (?:own )?countr\w+|(?:your|ur) \w+'?s "
           r"basement|the kitchen)|(?:belongs?|stay|back) in the kitchen|delete your account|cry about it|"
           r"crawl back|(?:the )?iq of an?|room temperature iq|(?:you|he|she) (?:\w+ )?(?:smells?|looks?|sounds?) like an? "
           r"(?:\w+ )?(?:pig|horse|cow|whale|dog|rat|hag|witch|garbage|trash|shit|clown|man|monkey|ape|corpse)|"
           r"(?:ashamed|embarrassed) of (?:you|yourself)|no wonder (?:your|you|nobody)|your (?:mom|mother|mama)(?:'s| is) "
           r"(?:so|such|a)|can'?t die (?:off )?(?:fast|soon) enough|sad little (?:man|boy|girl|life)|gold digger)\b"),
)  # fmt: skip
