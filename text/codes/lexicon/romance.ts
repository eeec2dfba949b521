import type { WordList } from './word-lists.ts';

export const SPANISH_WORDS: WordList = {
  code: 'codigo|clave|contrasena|token$|pin$|verificacion|autenticacion|un solo uso|palabra de paso|sms de seguridad',
  action:
    'pon |copia |pega |dile|diga |muestra|muestre|nuevo dispositivo|eres tu|introduce|introduzca|introducir|ingresa|ingrese|ingresar|teclea|escribe|usa |use |utiliza|confirma|verifica|inicia|iniciar|entrar|acceder|activar|activara|restablec|valida|digita',
  secrecy:
    'no lo compart|no compart|no lo reveles|no reveles|nadie|nunca te|jamas|no has sido tu|no fuiste tu',
  promotion: 'codigo promo|codigo de descuento|cupon|descuento|codigo de regalo|rebaja|oferta',
  label:
    'calle|oficina|matricula|dosier|caso|mesa|localizador|casillero|paquete|pedido|envio|factura|cuenta|tarjeta|terminada|acabada|vuelo|tren|puerta|anden|turno|telefono|tel.|tel |llama|llame|contador|saldo|importe|total|referencia|contrato|expediente|reserva|habitacion|poliza|codigo postal|numero de cliente|folio|cita',
  money: 'euros|pesos|soles|dolares|mxn|clp|cop|ars',
  measure: 'puntos|personas|kilometros|por ciento|unidades',
  duration: 'minutos|horas|dias|segundos',
  notice:
    'ha sido cambiad|ha sido modificad|se ha cambiado|se cambio|fue cambiada|se ha modificado|con exito|ha sido actualizad|ha sido bloquead|se ha enviado',
};

export const PORTUGUESE_WORDS: WordList = {
  code: 'codigo|senha|palavra-passe|token$|pin$|chave|verificacao|autenticacao|uso unico|palavra passe',
  action:
    'copia |copie |cola |cole |mostre|diga |novo dispositivo|foi voce|reconhece|digite|insira|introduza|introduzir|informe|use |usa |utilize|confirme|confirma|entrar|iniciar|aceder|acessar|ativar|repor|redefinir|valide',
  secrecy: 'nao compartilhe|nao partilhe|nao informe|ninguem|nunca|jamais|nao divulgue',
  promotion: 'cupom|cupao|desconto|codigo promocional|promocao|liquida|oferta',
  label:
    'placa|agencia|processo|chamado|rua |mesa |senha de atendimento|encomenda|pedido|fatura|conta|cartao|final |terminad|voo|portao|comboio|trem|protocolo|telefone|tel.|ligue|contador|saldo|valor|referencia|contrato|reserva|quarto|apolice|nota fiscal|boleto',
  money: 'reais|real$|r$|brl|euros|meticais|kwanzas',
  measure: 'pontos|pessoas|quilometros|por cento|unidades',
  duration: 'minutos|horas|dias|segundos',
  notice: 'foi alterad|foi mudad|foi redefinid|com sucesso|foi atualizad|foi bloquead|foi enviad',
};

export const FRENCH_WORDS: WordList = {
  code: 'code$|codes$|mot de passe|cle est|cle :|cle de|code pin|usage unique|verification|authentification|identifiant temporaire',
  action:
    'copiez|recopiez|collez|communiquez le|dites |montrez|presentez|nouvel appareil|est-ce vous|saisissez|saisir|entrez|entrer |tapez|utilisez|utilise|confirmez|confirmer|validez|valider|connexion|connecter|reinitialiser|activer|composez',
  secrecy:
    'ne le communiquez|ne communiquez|personne|jamais|ne partagez|ne donnez|ne le partagez|confidentiel',
  promotion: 'code promo|code de reduction|code reduction|code avantage|soldes|remise|parrainage|bon de',
  label:
    'secteur|agence|plaque|rue |guichet|casier|bureau|colis|commande|facture|compte|carte|finissant|vol |train|porte|quai|telephone|tel |tel.|appelez|contactez|compteur|solde|montant|reference|dossier|contrat|reservation|chambre|numero client|code postal|stop au|police',
  money: 'euros',
  measure: 'points|personnes|kilometres|pour cent|pieces',
  duration: 'minutes|heures|jours|secondes',
  notice:
    'a ete modifie|a bien ete|a ete change|a ete reinitialise|avec succes|a ete mis a jour|a ete bloque|a ete envoye',
};

export const ITALIAN_WORDS: WordList = {
  code: 'codice|password|parola chiave|pin$|otp|verifica|autenticazione|usa e getta|token$',
  action:
    'copia |incolla|comunica |mostra |nuovo dispositivo|sei tu|sei stato tu|inserisci|inserire|immetti|digita|usa |utilizza|conferma|accedi|accesso|entrare|attivare|reimpostare|autorizzare|convalida',
  secrecy: 'non condividere|non condividerlo|nessuno|mai |non comunicare|riservat',
  promotion: 'codice sconto|codice promo|coupon|sconto|buono|saldi|offerta',
  label:
    'targa|filiale|sportello|via |segnalazione|armadietto|pacco|ordine|fattura|conto|carta|volo|treno|gate|binario|telefono|tel.|tel |chiama|contatore|saldo|importo|riferimento|contratto|prenotazione|camera|polizza|pratica|numero cliente|credito',
  money: 'euro$',
  measure: 'punti|persone|chilometri|per cento',
  duration: 'minuti|ore|giorni|secondi',
  notice:
    'e stata cambiata|e stato cambiato|e stata modificat|e stato modificat|con successo|e stata aggiornat|e stato bloccat|e stato inviat',
};
